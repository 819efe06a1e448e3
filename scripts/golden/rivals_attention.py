"""MACE (Lu et al. 2024) and Forget-Me-Not (Zhang et al. 2024) in one short program, from their papers' formulas: the oracle of
org.realera.method.Mace and ForgetMeNot.

    python scripts/golden/rivals_attention.py src/test/resources/golden

reads rivals-attention-cases.json there and writes rivals-attention.safetensors beside it: for each case the loss of every step,
the gradients of each training's first, and the weights. org.realera.method.TrainedRivalsTest runs the same cases.
Packages: requirements.txt beside this file. fp32 on the CPU, closed forms in float64.
"""

import json, sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from realera import Prompt, derive, generator
from safetensors.torch import save_file
from torch.func import functional_call
from torch.nn.functional import interpolate

PROJECTIONS = ("attn2.to_k.weight", "attn2.to_v.weight")


class Maps:  # an attention processor that keeps A = softmax(q k^T / sqrt(d)), [B, heads, H W, 77]
    def __init__(self, kept, name):
        self.kept, self.name = kept, name

    def __call__(self, attn, x, encoder_hidden_states=None, attention_mask=None, temb=None):
        heads = lambda y: y.unflatten(-1, (attn.heads, -1)).transpose(1, 2)
        q, k, v = heads(attn.to_q(x)), heads(attn.to_k(encoder_hidden_states)), heads(attn.to_v(encoder_hidden_states))
        self.kept[self.name] = (q.float() @ k.float().transpose(-1, -2) * attn.scale).softmax(-1)
        return attn.to_out[0]((self.kept[self.name].to(v.dtype) @ v).transpose(1, 2).flatten(2))


def attention(pipe, weights, z, t, text):  # the maps of every cross-attention, [B, heads, H, W, 77]; z is [4, h, w]
    kept = {}
    names = [n for n in pipe.unet.attn_processors if ".attn2." in n]
    pipe.unet.set_attn_processor({**pipe.unet.attn_processors, **{n: Maps(kept, n) for n in names}})
    functional_call(pipe.unet, weights, (z[None], torch.tensor([t]), text[None]))
    return [a.unflatten(2, ((s := int(a.shape[2] ** 0.5)), s)) for a in kept.values()]  # pictures are square


def tokens(pipe, p, end_tokens):  # the concept's own, and where asked for the end tokens, which SD 1.x pads with, SD 2.x not
    ids = pipe.tokenizer(p.text, padding="max_length").input_ids
    ends = [i for i in range(p.end, 77) if ids[i] == pipe.tokenizer.eos_token_id]
    return list(range(p.start, p.end)) + (ends if end_tokens else [])


def layer_norms(maps, tokens, mask):  # MACE: sum_l ||A^(l)[masked pixels, tokens]||_F
    inside = lambda a: (interpolate(mask[None, None], a.shape[2:4], mode="nearest") > 0.5)[..., None].float()
    return sum((a[..., tokens] * inside(a)).norm() for a in maps)


def one_norm(maps, tokens, mask=None):  # Forget-Me-Not: one norm of all layers and heads
    return torch.cat([a[..., tokens].flatten() for a in maps]).norm()


def images(pipe, prompts, j, k):  # z_0: what the original model draws for the concept, prompts taking turns
    seeds = [generator(derive(k["seed"], f"concept image {j}", i)) for i in range(k["images"])]
    size = pipe.unet.config.sample_size * pipe.vae_scale_factor
    options = dict(num_inference_steps=k["image_steps"], guidance_scale=k["image_guidance"], height=size, width=size)
    texts = [prompts[i % len(prompts)].text for i in range(k["images"])]
    return pipe(texts, generator=seeds, output_type="latent", **options).images


def noised(pipe, z, t, g):
    return pipe.scheduler.add_noise(z, torch.randn(z.shape, generator=g), torch.tensor([t]))


def own_masks(pipe, original, z0, prompt, j, k):  # where the original's own attention to the concept is high
    masks = []
    for i, z in enumerate(z0):
        zt = noised(pipe, z, k["masks"]["timestep"], generator(derive(k["seed"], f"mask {j}", i)))
        maps = attention(pipe, original, zt, k["masks"]["timestep"], prompt.E)
        heat = [a[0, ..., prompt.start : prompt.end].mean((0, 3))[None, None] for a in maps]
        heat = sum(interpolate(h, z.shape[1:], mode="nearest")[0, 0].double() for h in heat) / len(heat)
        masks.append(((heat - heat.min()) / (heat.max() - heat.min()) >= k["masks"]["threshold"]).float())
    return torch.stack(masks)


def timestep(pipe, g, importance):
    count = pipe.scheduler.config.num_train_timesteps
    if not importance:
        return torch.randint(count, (1,), generator=g).item()
    x = torch.arange(count, dtype=torch.float64)  # MACE: most t between 200 and 400
    density = torch.sigmoid(0.05 * (x - 200)) - torch.sigmoid(0.05 * (x - 400))
    u = torch.empty(1, dtype=torch.float64).uniform_(0, 1, generator=g)
    return min(int((density.cumsum(0) / density.sum() <= u).sum()), count - 1)


def train(parameters, step_loss, k, steps):  # AdamW; also the gradients of the first step, clipped
    optimizer = torch.optim.AdamW(parameters.values(), lr=k["learning_rate"], weight_decay=k["weight_decay"])
    losses, first = [], {}
    for step in range(1, steps + 1):
        loss = step_loss(step)
        optimizer.zero_grad()
        loss.backward()
        if k["max_grad_norm"]:
            torch.nn.utils.clip_grad_norm_(parameters.values(), k["max_grad_norm"])
        first = first or {n: p.grad.clone() for n, p in parameters.items() if p.grad is not None}
        optimizer.step()
        losses.append(loss.item())
    return losses, first


# ---- MACE


def around(a, b):
    """Stage 1's pairs of rows: the common beginning and the common end of two token lists, the end going on through the padding."""
    start = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    most = min(len(a), len(b)) - start
    end = next((i for i in range(most) if a[-1 - i] != b[-1 - i]), most)
    length = 77 - max(len(a) - end, len(b) - end)
    return [list(range(start)) + [len(x) - end + i for i in range(length)] for x in (a, b)]


def prior(pipe, k):
    """Sum of c c^T over all 77 rows of real text, as if it were as many captions as COCO's, and of the domain's own."""
    vocabulary = sorted(pipe.tokenizer.get_vocab().items(), key=lambda item: item[1])
    words = [w[:-4] for w, _ in vocabulary if w.endswith("</w>")]
    words = [w for w in words if len(w) >= 3 and w.isascii() and w.isalpha() and w.islower()][:20_000]
    n, d, templates = k["hold"]["prompts"], pipe.text_encoder.config.hidden_size, k["prompts"]
    texts = [Prompt(pipe, templates[i % len(templates)], words[i * len(words) // n]) for i in range(n)]  # n <= words
    erased = set(sum((pipe.tokenizer(pair["concept"], add_special_tokens=False).input_ids for pair in k["concepts"]), []))
    texts = [q for q in texts if not q.words & erased]  # ours: COCO's captions name what is erased, too
    kept = [Prompt(pipe, template, concept) for concept in k["preserve"] for template in templates]
    gram = lambda prompts: sum((q.E.double().T @ q.E.double() for q in prompts), torch.zeros(d, d).double())
    return gram(texts) * k["hold"]["counts_as"] / len(texts) + k["hold"]["domain_weight"] * gram(kept)


def mace(pipe, k):
    original, out = dict(pipe.unet.named_parameters()), {}
    W_org = {n: w.double() for n, w in original.items() if n.endswith(PROJECTIONS)}
    ids = lambda text: pipe.tokenizer(text).input_ids
    I = torch.eye(pipe.text_encoder.config.hidden_size).double()
    s, M = k["hold"]["weight"], prior(pipe, k) if k["hold"]["weight"] else 0 * I

    # Stage 1, closed-form refinement: words around the concept look as they would around the mapping concept
    pairs, prompts = [], []
    for pair in k["concepts"]:
        prompts.append([])
        for template in k["prompts"]:
            p, p_ = (Prompt(pipe, template, pair[key]) for key in ("concept", "anchor"))
            rows, rows_ = around(ids(p.text), ids(p_.text))
            pairs.append((p.E[rows].double(), p_.E[rows_].double()))
            prompts[-1].append(p.E.double())
    s1 = s * s if k["hold"]["squared"] else s
    G = sum(c.T @ c for c, _ in pairs) + s1 * M + k["refinement"]["lambda"] * I
    W = {}
    for n, w in W_org.items():
        R = sum((w @ c_.T) @ c for c, c_ in pairs) + s1 * (w @ M) + k["refinement"]["lambda"] * w
        W[n] = (R @ torch.linalg.inv(G)).float()
    if not k["lora"]["enabled"]:
        return W, [], out

    # Stage 2, one LoRA for each concept: attention to its tokens goes where the concept is seen
    deltas, all_losses = [], []
    for j, pair in enumerate(k["concepts"]):
        p, lora = Prompt(pipe, k["lora"]["prompt"], pair["concept"]), {}
        taught = [Prompt(pipe, template, pair["concept"]) for template in k["prompts"]] if k["lora"]["augment"] else [p]
        with torch.no_grad():
            z0 = images(pipe, [p], j, {**k["lora"], "seed": k["seed"]})
            masks = own_masks(pipe, original, z0, p, j, k)
        for n in W:
            noise = torch.randn(k["lora"]["rank"], W[n].shape[1], generator=generator(derive(derive(k["seed"], "lora", j), f"lora_A {n[:-7]}")))
            lora[f"{n[:-7]}.lora_A"] = (noise / k["lora"]["rank"]).requires_grad_()
            lora[f"{n[:-7]}.lora_B"] = torch.zeros(len(W[n]), k["lora"]["rank"], requires_grad=True)
        delta = lambda n: lora[f"{n[:-7]}.lora_B"] @ lora[f"{n[:-7]}.lora_A"]

        def loss(step):
            g = generator(derive(k["seed"], f"attention {j}", step))
            i = torch.randint(len(z0), (1,), generator=g).item()
            t = timestep(pipe, g, k["lora"]["importance"])
            zt = noised(pipe, z0[i], t, g)
            q = taught[torch.randint(len(taught), (1,), generator=g).item()]
            maps = attention(pipe, {n: w + delta(n) for n, w in W.items()}, zt, t, q.E)
            return layer_norms(maps, tokens(pipe, q, k["lora"]["end_tokens"]), masks[i])

        losses, first = train(lora, loss, k["lora"], k["lora"]["steps"])
        all_losses += losses
        deltas.append({n: delta(n).detach().double() for n in W})
        out.update({f"gradient.{j}.{n}": x for n, x in first.items() if n.endswith("lora_B")})

    # Stage 3, fusion of all LoRAs into one weight: each concept's prompts as its own LoRA projects them
    G = sum(e.T @ e for es in prompts for e in es) + s * M + k["fusion"]["lambda"] * I
    for n, w in W.items():
        R = sum((w.double() + deltas[j][n]) @ e.T @ e for j, es in enumerate(prompts) for e in es)
        W[n] = ((R + s * (W_org[n] @ M) + k["fusion"]["lambda"] * w.double()) @ torch.linalg.inv(G)).float()
    return W, all_losses, out


# ---- Forget-Me-Not


def fmn(pipe, k):
    whole = k["train"] == "unet"
    weights = {n: p.detach().clone().requires_grad_() for n, p in pipe.unet.named_parameters() if whole or ".attn2." in n}
    prompts = [[Prompt(pipe, template, pair["concept"]) for template in k["prompts"]] for pair in k["concepts"]]
    with torch.no_grad():
        z0 = [images(pipe, prompts[j], j, k) for j in range(len(prompts))]

    def loss(step):
        j = (step - 1) % len(prompts)  # concepts take turns
        g = generator(derive(k["seed"], f"attention {j}", step))
        i = torch.randint(len(z0[j]), (1,), generator=g).item()
        t = timestep(pipe, g, False)
        p = prompts[j][i % len(prompts[j])]
        maps = attention(pipe, weights, noised(pipe, z0[j][i], t, g), t, p.E)
        return one_norm(maps, tokens(pipe, p, k["end_tokens"]))

    losses, first = train(weights, loss, k, k["steps"] * len(prompts))
    first = {f"gradient.{n}": x for n, x in first.items() if n.endswith(("to_k.weight", "conv1.weight", "norm2.bias"))}
    moved = {n: w.detach() for n, w in weights.items() if w.grad is not None}
    return moved, losses, first


def recipe(base, case):
    return {key: {**v, **case.get(key, {})} if isinstance(v, dict) else case.get(key, v) for key, v in base.items()}


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), {}
    cases = json.loads((folder / "rivals-attention-cases.json").read_text())
    for name, case in cases["cases"].items():
        pipe = StableDiffusionPipeline.from_pretrained(folder / case.get("model", "tiny-sd"), safety_checker=None, feature_extractor=None)
        pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
        pipe.set_progress_bar_config(disable=True)
        pipe.text_encoder.requires_grad_(False)
        pipe.unet.requires_grad_(False)
        k = recipe(cases["methods"][case["method"]], case)
        W, losses, more = {"mace": mace, "fmn": fmn}[case["method"]](pipe, k)
        out.update({f"{name}.W.{n}": w.contiguous() for n, w in W.items()})
        out.update({f"{name}.{n}": x.contiguous() for n, x in more.items()})
        out[f"{name}.losses"] = torch.tensor(losses, dtype=torch.float64)
        print(name, losses)
    save_file(out, folder / "rivals-attention.safetensors")
