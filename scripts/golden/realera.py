"""RealEra in one short program: oracle, specification and documentation of what this repository computes.

    python scripts/golden/realera.py src/test/resources/golden

reads realera-cases.json there and writes realera.safetensors beside it: for each case T of eq. 7, the projections W' of
the finished U-Net, the losses, and the counts of samples. org.realera.erase.RealEraTest runs the same cases.
Line numbers are those of the paper's Algorithm 1, symbols its own; "ours" marks what the paper leaves open.
Packages: requirements.txt beside this file (torch, diffusers, transformers, safetensors). fp32 on the CPU, eq. 7 in float64.
"""

import hashlib, json, math, sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from safetensors.torch import save_file
from torch.func import functional_call

CHUNK = 1 << 22  # numbers of v drawn at a time; part of what a seed means


def derive(seed, purpose, index=0):  # every purpose has a seed of its own, so that no draw disturbs another
    return int.from_bytes(hashlib.sha256(f"{seed}\n{purpose}\n{index}".encode()).digest()[:8], "big") & (2**63 - 1)


def generator(seed):
    return torch.Generator().manual_seed(seed)


def cos(a, b):
    return torch.nn.functional.cosine_similarity(a.flatten().double(), b.flatten().double(), dim=0).item()


class Prompt:  # line 1: a template filled with a concept, E(p) and where the concept's tokens stand
    def __init__(self, pipe, template, concept):
        ids = lambda text: pipe.tokenizer(text, add_special_tokens=False).input_ids
        self.text, self.words = template.replace("{}", concept), set(ids(concept))
        self.start = 1 + len(ids(template.split("{}")[0]))
        self.end = self.start + len(ids(concept))
        self.E = pipe.text_encoder(pipe.tokenizer(self.text, padding="max_length", return_tensors="pt").input_ids)[0][0]


class Block:  # line 1: e, e* of one concept in one template, from the concept's first token to the end
    def __init__(self, pipe, template, pair):
        self.p, self.p_ = (Prompt(pipe, template, pair[key]) for key in ("concept", "anchor"))
        n, m = self.p.end - self.p.start, self.p_.end - self.p_.start
        tail = len(self.p.E) - max(self.p.end, self.p_.end)  # ours: token k to min(k, m - 1), last to last, tails in order
        rows = [min(k, m - 1) for k in range(n - 1)] + [m - 1] + [m + j for j in range(tail)]
        self.e, self.e_ = self.p.E[self.p.start : self.p.start + n + tail], self.p_.E[[self.p_.start + k for k in rows]]

    def embed(self, rows):  # E(p(c)) with other rows in place of e
        return torch.cat([self.p.E[: self.p.start], rows.float(), self.p.E[self.p.start + len(rows) :]])


def draw(e, count, g, ranges, accepted):
    """Lines 5-7 and 14-16: perturbations of e with an accepted cosine; each range gives a radius along the same direction."""
    unit = e.norm(dim=1).mean().double() * math.sqrt(len(e))  # ours: ||eta|| of radius 1, RMS per row over the mean row's norm
    etas, draws = [], 0
    while len(etas) < count:
        n = min(count - len(etas), max(1, CHUNK // e.numel()))
        v = torch.randn(n, *e.shape, generator=g)  # v ~ N(0, 1)
        r = [lo + (hi - lo) * torch.rand(n, generator=g).double() for lo, hi in ranges]  # r ~ U[lo, hi)
        for i in range(n):
            u = (v[i] - e).double() / (v[i] - e).double().norm()  # eq. 5: u = (v - e) / ||v - e||
            if accepted(cos(e, e + r[0][i] * unit * u)):  # eqs. 4, 6
                etas.append([r_[i] * unit * u for r_ in r])
        draws += n
    return etas, draws


def mine(b, count, g, k):  # lines 4-12, eqs. 3-6: e + eta goes to e* + eta'
    window = lambda c: k["mining"]["s2"] <= c <= k["mining"]["s1"]
    etas, draws = draw(b.e, count, g, [(0, k["mining"]["d1"]), (0, k["mining"]["d1_anchor"])], window)
    return [(b.e + eta, b.e_ + eta_) for eta, eta_ in etas], draws


def beyond(b, count, g, k):  # lines 13-22: e + eta stays where it is
    bounds = [(k["mining"]["d1"], k["beyond"]["d2"])]
    etas, draws = draw(b.e, count, g, bounds, lambda c: c < k["mining"]["s2"])
    return [b.e + eta for (eta,) in etas], draws


def vocabulary(pipe):  # whole words, the frequent first
    words = [w[:-4] for w, _ in sorted(pipe.tokenizer.get_vocab().items(), key=lambda item: item[1]) if w.endswith("</w>")]
    return [w for w in words if len(w) >= 3 and w.isascii() and w.isalpha() and w.islower()][:20_000]


def near(q, b):  # cosine between e and the same rows of another prompt
    return cos(q.E[q.start : q.start + len(b.e)], b.e[: len(q.E) - q.start])


def named(pipe, concepts, k):
    """Ours: the nearest words of the vocabulary with S2 <= cos(e, e') <= S1 are neighbors, too, and go to the anchor."""
    m, table, blocks = k["mining"], pipe.text_encoder.get_input_embeddings().weight, []
    ids = lambda text: pipe.tokenizer(text, add_special_tokens=False).input_ids
    taken = {text.lower() for text in [*k["preserve"], *(text for pair in k["concepts"] for text in pair.values())]}
    for pair, (b, *_) in zip(k["concepts"], concepts):
        mean = table[ids(pair["concept"])].double().sum(0)
        tried = sorted(vocabulary(pipe), key=lambda w: (-cos(table[ids(w)[0]], mean), w))[:64]
        found = [(-near(Prompt(pipe, k["templates"][0], w), b), w) for w in tried if w != pair["concept"].lower()]
        for _, w in sorted((c, w) for c, w in found if m["s2"] <= -c <= m["s1"])[: m["words"] if m["enabled"] else 0]:
            if w not in taken:
                blocks += [Block(pipe, template, {"concept": w, "anchor": pair["anchor"]}) for template in k["templates"]]
            taken.add(w)
    return blocks


def prior(pipe, blocks, k):
    """Ours: real text, words of the vocabulary in the templates, without the concepts' tokens and what is nearest to e."""
    words, count, prompts = vocabulary(pipe), k["closed_form"]["prior_prompts"], []
    for round in range(min(len(k["templates"]), -(-count // len(words)))):
        wanted = min(len(words), count - len(prompts))
        for i in range(wanted):
            template = k["templates"][(i + round) % len(k["templates"])]
            prompts.append(Prompt(pipe, template, words[i * len(words) // wanted]))
    prompts = [q for q in prompts if not any(q.words & b.p.words for b in blocks)]
    return sorted(prompts, key=lambda q: max(near(q, b) for b in blocks))[: len(prompts) - math.ceil(k["closed_form"]["prior_leave_out"] * len(prompts))]


def closed_form(pipe, blocks, words, k):
    """Line 24, eq. 7: W = W_org T with T = I + D G^-1, D = sum (e* - e) e^T, G = sum e e^T + sum w p p^T + mu I."""
    k7, E, P, held, counts = k["closed_form"], [], [], [], dict.fromkeys(COUNTS, 0)
    for i, b in enumerate(blocks):  # lines 2-23
        E.append((b.e, b.e_))
        if k["mining"]["enabled"]:
            mined, draws = mine(b, k["mining"]["samples"], generator(derive(k["seed"], "mining", i)), k)
            E, counts["neighbors"] = E + mined, counts["neighbors"] + len(mined)
            counts["neighbor_draws"] += draws
        if k["beyond"]["enabled"]:
            kept, draws = beyond(b, k["beyond"]["samples"], generator(derive(k["seed"], "beyond", i)), k)
            P, counts["beyond"] = P + kept, counts["beyond"] + len(kept)
            counts["beyond_draws"] += draws
    E += [(b.e, b.e_) for b in words]  # ours: neighbors that have a name
    if k7["prefix_weight"]:  # ours: BOS and template before the concept
        held.append((k7["prefix_weight"], [b.p.E[: b.p.start] for b in blocks]))
    if k7["prior_weight"]:
        texts = prior(pipe, blocks + words, k)
        held.append((k7["prior_weight"], [q.E for q in texts]))
        counts["prior_prompts"] = len(texts)
    for concept in k["preserve"]:  # ours: the user's own members of P, from their first token on
        prompts = [Prompt(pipe, template, concept) for template in k["templates"]]
        held.append((k7["preserve_weight"], [q.E[q.start :] for q in prompts]))
    gram = lambda xs: sum((x.double().T @ x.double() for x in xs), torch.zeros(b.e.shape[1], b.e.shape[1]).double())
    G, D = gram(e for e, _ in E), sum((e_.double() - e.double()).T @ e.double() for e, e_ in E)
    trace = G.trace().item()
    G = G + k7["lambda1"] * gram(P) + k7["mu"] * trace / len(G) * torch.eye(len(G)).double()
    for weight, rows in held:  # ours: weight 1 has the trace of all erased rows
        G = G + weight * trace * gram(rows) / gram(rows).trace()
    counts["erased_rows"] = sum(len(e) for e, _ in E)
    counts["kept_rows"] = sum(len(x) for x in P) + sum(len(x) for _, rows in held for x in rows)
    return torch.eye(len(G)).double() + torch.linalg.solve(G, D.T).T, torch.tensor(list(counts.values()))


COUNTS = ["neighbors", "neighbor_draws", "beyond", "beyond_draws", "erased_rows", "kept_rows", "prior_prompts"]


def anchor_latents(pipe, blocks, j, k):  # z_0: what the original model draws for p(c*), templates taking turns
    a, size = k["alignment"], pipe.unet.config.sample_size * pipe.vae_scale_factor
    j = [pair["anchor"] for pair in k["concepts"]].index(k["concepts"][j]["anchor"])  # who has the same anchor has the same pictures
    seeds = [generator(derive(k["seed"], f"anchor image {j}", i)) for i in range(a["images"])]
    prompts = [blocks[i % len(blocks)].p_.text for i in range(a["images"])]
    options = dict(num_inference_steps=a["image_steps"], guidance_scale=a["image_guidance"], height=size, width=size)
    return pipe(prompts, generator=seeds, output_type="latent", **options).images


def align(pipe, concepts, W, k):
    """Lines 25-31: LoRA W + (alpha / r) B A trained by eq. 8 in odd, eq. 9 in even steps; A Gaussian, B zero."""
    a, original = k["alignment"], dict(pipe.unet.named_parameters())
    names = [n for target in a["targets"] for n in sorted(original) if n.endswith(f".{target}.weight")]
    seed, lora = derive(k["seed"], "lora"), {}  # line 26
    for n in names:
        noise = torch.randn(a["rank"], original[n].shape[1], generator=generator(derive(seed, f"lora_A {n[:-7]}")))
        lora[n] = (noise / a["rank"]).requires_grad_(), torch.zeros(len(original[n]), a["rank"], requires_grad=True)
    merged = lambda: {**W, **{n: W.get(n, original[n]) + a["alpha"] / a["rank"] * B @ A for n, (A, B) in lora.items()}}
    eps = lambda weights, *x: functional_call(pipe.unet, weights, x).sample
    z0 = [anchor_latents(pipe, blocks, j, k) for j, blocks in enumerate(concepts)]
    parameters = [x for pair in lora.values() for x in pair]
    optimizer, losses = torch.optim.AdamW(parameters, lr=a["learning_rate"], weight_decay=a["weight_decay"]), []
    for step in range(1, a["steps"] + 1):  # line 27
        even, (turn, j), loss = step % 2 == 0, divmod((step - 1) // 2, len(concepts)), 0  # pairs of steps: concepts, then templates
        for i in range(a["batch"]):  # line 28
            index, b = step * a["batch"] + i, concepts[j][(turn * a["batch"] + i) % len(concepts[j])]
            g = generator(derive(k["seed"], "alignment", index))
            z = z0[j][torch.randint(len(z0[j]), (1,), generator=g)]
            t = torch.randint(pipe.scheduler.config.num_train_timesteps, (1,), generator=g)
            z = pipe.scheduler.add_noise(z, torch.randn(z.shape[1:], generator=g), t)
            terms = []  # weight, what the new U-Net is given, what the original one
            if even and k["mining"]["enabled"]:  # eq. 9, p_c'
                pairs, _ = mine(b, 1, generator(derive(k["seed"], "alignment neighbor", index)), k)
                terms.append((a["gamma1"], b.embed(pairs[0][0]), b.p_.E))
            if even and k["beyond"]["enabled"]:  # eq. 9, p_c''
                far, _ = beyond(b, 1, generator(derive(k["seed"], "alignment beyond", index)), k)
                terms.append((a["gamma2"], b.embed(far[0]), b.embed(far[0])))
            for weight, new, org in terms or [(1, b.p.E, b.p_.E)]:  # eq. 8
                with torch.no_grad():
                    wanted = eps(original, z, t, org[None])
                loss = loss + weight / a["batch"] * ((eps(merged(), z, t, new[None]) - wanted) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        if a["max_grad_norm"]:
            torch.nn.utils.clip_grad_norm_(parameters, a["max_grad_norm"])
        optimizer.step()  # line 29
        losses.append(loss.item())
    return {n: w.detach() for n, w in merged().items()}, torch.tensor(losses, dtype=torch.float64)  # line 31


def erase(pipe, k):
    with torch.no_grad():
        concepts = [[Block(pipe, template, pair) for template in k["templates"]] for pair in k["concepts"]]  # line 1
        T, counts = closed_form(pipe, sum(concepts, []), named(pipe, concepts, k), k)
        projections = {n: w for n, w in pipe.unet.named_parameters() if n.endswith(("attn2.to_k.weight", "attn2.to_v.weight"))}
        W = {n: (w.double() @ T).float() for n, w in projections.items()}
    W, losses = align(pipe, concepts, W, k) if k["alignment"]["enabled"] else (W, torch.zeros(0, dtype=torch.float64))
    return {"T": T, "counts": counts, "losses": losses, **{f"W.{n}": w.contiguous() for n, w in W.items()}}


def recipe(base, case):  # what a case says, over the base's values
    k = {key: {**v, **case.get(key, {})} if isinstance(v, dict) else case.get(key, v) for key, v in base.items()}
    if case.get("paper"):
        k["closed_form"].update(prefix_weight=0, prior_weight=0)
    return k


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), {}
    cases = json.loads((folder / "realera-cases.json").read_text())
    for name, case in cases["cases"].items():
        model = folder / case.get("model", "tiny-sd")
        pipe = StableDiffusionPipeline.from_pretrained(model, safety_checker=None, feature_extractor=None)
        pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
        pipe.set_progress_bar_config(disable=True)
        out.update({f"{name}.{key}": tensor for key, tensor in erase(pipe, recipe(cases["base"], case)).items()})
        print(name, out[f"{name}.counts"].tolist(), out[f"{name}.losses"].tolist())
    save_file(out, folder / "realera.safetensors")
