"""The rivals that train, each in one short torch program: oracle and specification of what this repository computes.

    python scripts/golden/rivals_trained.py src/test/resources/golden [CASE ...]

reads rivals-trained-cases.json there and writes rivals-trained.safetensors beside it: for each case the loss of every step,
the gradients of the first (norms of all, values of a few), and the trained weights (values where they are few, else norms of
their movement). org.realera.method.TrainedRivalsTest runs the same cases. Written after the papers: ESD (Gandikota et al. 2023),
concept ablation (Kumari et al. 2023), selective amnesia (Heng and Soh 2023). Draws are seeded as in realera.py.
Packages: requirements.txt beside this file (torch, diffusers, transformers, safetensors). fp32 on the CPU.
"""

import json, sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from realera import derive, generator
from safetensors.torch import load_file, save_file
from torch.func import functional_call

FEW = 2400  # numbers of a tensor that are kept


class Net:  # the U-Net with other weights in place of its own
    def __init__(self, pipe):
        self.pipe, self.unet, self.scheduler = pipe, pipe.unet, pipe.scheduler
        self.original = {n: p.detach().clone() for n, p in pipe.unet.named_parameters()}
        self.levels = pipe.scheduler.config.num_train_timesteps

    def __call__(self, weights, z, t, text):
        return functional_call(self.unet, {**self.original, **weights}, (z, torch.as_tensor(t), text)).sample

    def text(self, prompt):
        ids = self.pipe.tokenizer(prompt, padding="max_length", truncation=True, return_tensors="pt").input_ids
        with torch.no_grad():
            return self.pipe.text_encoder(ids)[0]

    def noised(self, x, t, g):  # z_t of a picture, and what the network is trained to predict of it
        eps, t = torch.randn(x.shape, generator=g), torch.as_tensor([t])
        kind = self.scheduler.config.prediction_type
        target = {"epsilon": lambda: eps, "v_prediction": lambda: self.scheduler.get_velocity(x[None], eps[None], t)[0]}[kind]()
        return self.scheduler.add_noise(x, eps, t), target

    def pictures(self, prompts, purpose, k):
        size = self.unet.config.sample_size * self.pipe.vae_scale_factor
        seeds = [generator(derive(k["seed"], purpose, i)) for i in range(len(prompts))]
        options = dict(num_inference_steps=k["image_steps"], guidance_scale=k["image_guidance"], height=size, width=size)
        return self.pipe(prompts, generator=seeds, output_type="latent", **options).images


def integer(n, g):
    return torch.randint(n, (1,), generator=g).item()


def prompts(k, key):  # for each concept its prompts, or its anchor's
    templates = ["{}"] if k.get("bare_prompts") else k["templates"]
    return [[template.replace("{}", pair[key]) for template in templates] for pair in k["concepts"]]


def esd(net, k, theta, step):
    """ESD: theta learns e_0 - eta (e_c - e_0) of the frozen model, on a z that theta itself has come to."""
    n, empty = k["sampler_steps"], net.text("")
    net.scheduler.set_timesteps(n)
    grid = [int(t) for t in net.scheduler.timesteps]  # noisiest first
    words = sum(prompts(k, "concept"), [])
    g = generator(derive(k["seed"], "esd", step))
    c = net.text(words[integer(len(words), g)])  # 1
    i = integer(n, g)
    if k["paper_sampler"]:  # their loop leaves out the noisiest timestep, and walks on for one or two
        low, high = (round(j * net.levels / n) for j in (i, i + 1))
        walked, t = grid[1 : n if i == 0 else n - i + 1], low + integer(high - low, g)
    else:
        walked, t = grid[:i], grid[i]
    z = torch.randn(1, 4, net.unet.config.sample_size, net.unet.config.sample_size, generator=g)
    with torch.no_grad():
        for s in walked:  # 2
            e_0, e_c = net(theta, z, s, empty), net(theta, z, s, c)
            z = net.scheduler.step(e_0 + k["start_guidance"] * (e_c - e_0), s, z).prev_sample
        e_0, e_c = net({}, z, t, empty), net({}, z, t, c)  # 3
        target = e_0 - k["negative_guidance"] * (e_c - e_0)  # 4
    return ((net(theta, z, t, c) - target) ** 2).mean()  # 5


class StartFixed:  # attention whose keys and values of the start token are constants
    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, **_):
        text = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        q, k, v = attn.to_q(hidden_states), attn.to_k(text), attn.to_v(text)
        if encoder_hidden_states is not None:
            k, v = (torch.cat([x[:, :1].detach(), x[:, 1:]], 1) for x in (k, v))
        q, k, v = (x.unflatten(-1, (attn.heads, -1)).transpose(1, 2) for x in (q, k, v))
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        return attn.to_out[0](y)


def ac(net, k, theta, step, memory):
    """Concept ablation: on pictures of the anchor, the prediction for the concept becomes the anchor's, or the noise."""
    net.unet.set_attn_processor(StartFixed())
    anchors, targets = prompts(k, "anchor"), prompts(k, "concept")
    if not memory:
        for j, rows in enumerate(anchors):
            memory[j] = net.pictures([rows[i % len(rows)] for i in range(k["images"])], f"anchor image {anchors.index(rows)}", k)
    loss = 0
    for b in range(k["batch"]):
        g = generator(derive(k["seed"], "ac", step * k["batch"] + b))

        def draw():
            j, i = integer(len(anchors), g), integer(k["images"], g)
            t = integer(net.levels, g)
            return (*net.noised(memory[j][i], t, g), t, net.text(anchors[j][i % len(anchors[j])]), net.text(targets[j][i % len(targets[j])]))

        z, wanted, t, c, target = draw()
        if k["loss"] == "model-based":
            with torch.no_grad():
                wanted = net(theta, z[None], t, c)
        loss = loss + ((net(theta, z[None], t, target) - wanted) ** 2).mean() / k["batch"]
        if k["prior_weight"]:
            z, wanted, t, c, _ = draw()
            loss = loss + k["prior_weight"] * ((net(theta, z[None], t, c) - wanted) ** 2).mean() / k["batch"]
    return loss


def replay_prompts(net, k):  # the preserved, then words of the vocabulary without a concept's tokens
    ids = lambda text: net.pipe.tokenizer(text, add_special_tokens=False).input_ids
    erased = set(sum((ids(pair["concept"]) for pair in k["concepts"]), []))
    vocabulary = sorted(net.pipe.tokenizer.get_vocab().items(), key=lambda item: item[1])
    words = [w[:-4] for w, _ in vocabulary if w.endswith("</w>")]
    words = [w for w in words if len(w) >= 3 and w.isascii() and w.isalpha() and w.islower()][:20_000]
    count, chosen = min(k["replay_images"], len(words)), []
    for i in range(count):
        word = words[i * len(words) // count]
        if not erased & set(ids(word)):
            chosen.append(k["templates"][i % len(k["templates"])].replace("{}", word))
    kept = [template.replace("{}", word) for word in k["preserve"] for template in k["templates"]]
    texts = (kept + chosen)[:count]
    return [texts[i % len(texts)] for i in range(k["replay_images"])]


def sa(net, k, theta, step, memory):
    """Selective amnesia: L_ddpm(surrogate, c_f) + gamma L_ddpm(replay) + lambda sum F (theta - theta*)^2."""
    forgotten, surrogate = prompts(k, "concept"), prompts(k, "anchor")
    if not memory:
        memory["texts"] = replay_prompts(net, k)
        memory["replay"] = net.pictures(memory["texts"], "replay image", k)
        for j, rows in enumerate(surrogate):
            memory[j] = net.pictures([rows[i % len(rows)] for i in range(k["images"])], f"anchor image {surrogate.index(rows)}", k)
        star = {n: w.detach().clone().requires_grad_() for n, w in theta.items()}
        memory["star"], memory["F"] = star, {n: torch.zeros_like(w) for n, w in star.items()}
        each = net.levels / k["fisher_timesteps"]
        for i, x in enumerate(memory["replay"]):  # F: the slope of the loss summed over t, squared; the mean
            g, sums = generator(derive(k["seed"], "fisher", i)), {n: torch.zeros_like(w) for n, w in star.items()}
            for j in range(k["fisher_timesteps"]):
                t = int((j + 0.5) * each)
                z, wanted = net.noised(x, t, g)
                loss = each * ((net(star, z[None], t, net.text(memory["texts"][i])) - wanted) ** 2).mean()
                for n, slope in zip(star, torch.autograd.grad(loss, list(star.values()))):
                    sums[n] += slope
            for n in star:
                memory["F"][n] += sums[n] ** 2 / len(memory["replay"])
    loss = 0
    for b in range(k["batch"]):
        g = generator(derive(k["seed"], "sa", step * k["batch"] + b))
        j, i = integer(len(forgotten), g), integer(k["images"], g)
        t = integer(net.levels, g)
        z, wanted = net.noised(memory[j][i], t, g)
        c_f = net.text(forgotten[j][i % len(forgotten[j])])
        loss = loss + ((net(theta, z[None], t, c_f) - wanted) ** 2).mean() / k["batch"]
        i = integer(k["replay_images"], g)
        t = integer(net.levels, g)
        z, wanted = net.noised(memory["replay"][i], t, g)
        loss = loss + k["gamma"] * ((net(theta, z[None], t, net.text(memory["texts"][i])) - wanted) ** 2).mean() / k["batch"]
    moved = sum((memory["F"][n] * (w - memory["star"][n].detach()) ** 2).sum() for n, w in theta.items())
    return loss + k["lambda"] * moved


def cross(n):
    return ".attn2." in n


def not_cross(n):
    return not cross(n) and not n.startswith(("conv_norm_out.", "conv_out.", "time_embedding."))


def trained(k):  # which weights
    if k["method"] == "ac":
        keys = {"cross-attn": (".attn2.to_k.", ".attn2.to_v."), "attn": (".to_q.", ".to_k.", ".to_v.", ".to_out."), "full-weight": ("",)}
        return lambda n: any(key in n for key in keys[k["parameter_group"]])
    kinds = {"xattn": cross, "noxattn": not_cross, "full": lambda n: True}
    return kinds[k["train_method"]] if k["method"] == "sa" else {"esd-x": cross, "esd-u": not_cross}[k["method"]]


def erase(pipe, k):
    net, memory = Net(pipe), {}
    theta = {n: w.clone().requires_grad_() for n, w in net.original.items() if trained(k)(n)}
    if k["method"].startswith("esd"):
        loss_of = lambda step: esd(net, k, theta, step)
        optimizer = torch.optim.Adam(theta.values(), lr=k["learning_rate"])
    else:
        loss_of = lambda step: {"ac": ac, "sa": sa}[k["method"]](net, k, theta, step, memory)
        optimizer = torch.optim.AdamW(theta.values(), lr=k["learning_rate"], weight_decay=k["weight_decay"])
    out, losses = {}, []
    for step in range(1, k["steps"] + 1):
        optimizer.zero_grad()
        loss = loss_of(step)
        loss.backward()
        if k.get("max_grad_norm"):  # all that is trained together
            torch.nn.utils.clip_grad_norm_(theta.values(), k["max_grad_norm"])
        if step == 1:
            for n, w in theta.items():
                out[f"gradient-norm.{n}"] = w.grad.double().norm()
                if w.numel() <= FEW // 8:
                    out[f"gradient.{n}"] = w.grad.clone()
        optimizer.step()
        losses.append(loss.item())
    for n, w in theta.items():
        w, moved = w.detach(), (w.detach().double() - net.original[n].double()).norm()
        out[f"moved.{n}"] = moved
        if w.numel() <= FEW:
            out[f"W.{n}"] = w.contiguous()
    for n, f in memory.get("F", {}).items():
        out[f"fisher.{n}"] = f.double().sum()
    return {**out, "losses": torch.tensor(losses, dtype=torch.float64)}


if __name__ == "__main__":
    folder, file = Path(sys.argv[1]), Path(sys.argv[1]) / "rivals-trained.safetensors"
    cases, only = json.loads((folder / "rivals-trained-cases.json").read_text()), sys.argv[2:]
    out = {n: w for n, w in load_file(file).items() if n.split(".")[0] not in only} if only else {}
    for name, case in cases["cases"].items():
        if not only or name in only:
            k = {**cases["base"], **cases["methods"][case["method"]], **case}
            model = folder / k.get("model", "tiny-sd")
            pipe = StableDiffusionPipeline.from_pretrained(model, safety_checker=None, feature_extractor=None)
            pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
            pipe.set_progress_bar_config(disable=True)
            found = erase(pipe, k)
            out.update({f"{name}.{key}": tensor for key, tensor in found.items()})
            print(name, found["losses"].tolist())
    save_file(out, file)
