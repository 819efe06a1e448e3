"""SPM in one short torch program: oracle and specification of what this repository computes.

    python scripts/golden/rivals_spm.py src/test/resources/golden

reads rivals-spm-cases.json there and writes rivals-spm.safetensors beside it: for each case the loss of every step, the gradients
of each concept's first (norms of all, values of a few), and of the merged weights their movement (norms of all, values of a few).
org.realera.method.TrainedRivalsTest runs the same cases. Written after the paper (Lyu et al., CVPR 2024); draws are seeded as in realera.py.
Packages: requirements.txt beside this file (torch, diffusers, transformers, safetensors). fp32 on the CPU.
"""

import json, math, sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from diffusers.models.transformers.transformer_2d import Transformer2DModel
from diffusers.optimization import get_cosine_with_hard_restarts_schedule_with_warmup as cosine
from realera import derive, generator
from safetensors.torch import save_file

FEW = 300  # numbers of a tensor that are kept


class Membrane(torch.nn.Module):  # y = W x + (alpha / r) up(down(x)), alpha = 1
    def __init__(self, name, layer, k, seed):
        super().__init__()
        self.name, self.layer, self.scale = name, [layer], 1 / k["rank"]
        shape = (k["rank"], *layer.weight.shape[1:])
        bound = 1 / math.sqrt(math.prod(shape[1:]))  # kaiming_uniform_(a = sqrt 5)
        self.down = torch.nn.Parameter(torch.empty(shape).uniform_(-bound, bound, generator=generator(derive(seed, f"lora_A {name}"))))
        self.up = torch.nn.Parameter(torch.zeros(layer.weight.shape[0], k["rank"], *[1] * (layer.weight.dim() - 2)))
        self.on = False
        layer.register_forward_hook(lambda _, x, y: y + self.added(x[0]) if self.on else y)

    def added(self, x):
        if self.up.dim() == 2:
            return self.scale * (x @ self.down.T @ self.up.T)
        low = torch.nn.functional.conv2d(x, self.down, None, self.layer[0].stride, self.layer[0].padding)
        return self.scale * torch.nn.functional.conv2d(low, self.up)

    def delta(self):  # what it is worth as weights
        return self.scale * (self.up.detach().flatten(1) @ self.down.detach().flatten(1)).reshape(self.layer[0].weight.shape)


def membranes(unet, k, seed):  # every Linear and Conv2d of every Transformer2DModel
    blocks = [(n, b) for n, b in unet.named_modules() if isinstance(b, Transformer2DModel)]
    layers = [(f"{n}.{m}", l) for n, b in blocks for m, l in b.named_modules() if isinstance(l, (torch.nn.Linear, torch.nn.Conv2d))]
    return [Membrane(name, layer, k, seed) for name, layer in layers]


def text(pipe, prompt):
    return pipe.text_encoder(pipe.tokenizer(prompt, padding="max_length", truncation=True, return_tensors="pt").input_ids)[0]


def anchor(c, g):  # u |c| n / |n|, the nearer to c, the rather drawn anew
    while True:
        n = torch.randn(c.shape, generator=g)
        cos = torch.nn.functional.cosine_similarity(n.flatten(), c.flatten(), dim=0).item()
        if torch.empty(1, dtype=torch.float64).uniform_(0, 1, generator=g).item() < 1 - cos:
            return torch.empty(1, dtype=torch.float64).uniform_(0.8, 1.2, generator=g).item() * n / n.norm() * c.norm()


def step_loss(pipe, k, pair, number, step, ms):
    integer = lambda n: torch.randint(n, (1,), generator=g).item()

    def eps(z, t, e, adapted):
        for m in ms:
            m.on = adapted
        return pipe.unet(z, torch.as_tensor(t), e).sample

    templates = ["{}"] if k["bare_prompts"] else k["templates"]
    n, side, empty = k["sampler_steps"], pipe.unet.config.sample_size, text(pipe, "")
    pipe.scheduler.set_timesteps(n)
    grid = [int(t) for t in pipe.scheduler.timesteps]  # noisiest first
    g = generator(derive(k["seed"], f"spm {number}", step))
    template = templates[integer(len(templates))]  # 1
    c = text(pipe, template.replace("{}", pair["concept"]))
    c_0 = empty if k["guide"] == "empty" else text(pipe, template.replace("{}", pair["anchor"]))
    stop = 1 + integer(n - 1)
    levels = pipe.scheduler.config.num_train_timesteps
    t = [*reversed(range(levels))][int(stop * levels / n)] if k["paper_sampler"] else grid[stop]
    z = torch.randn(1, 4, side, side, generator=g)
    with torch.no_grad():
        for s in grid[:stop]:  # 2
            e_0, e_c = eps(z, s, empty, True), eps(z, s, c, True)
            z = pipe.scheduler.step(e_0 + k["start_guidance"] * (e_c - e_0), s, z).prev_sample
        anchors = [anchor(c, g) for _ in range(k["anchors"])] if k["anchor_strength"] else []  # 3
        if k["interleaved_anchors"]:  # as the script: line up, then the second half
            anchors = sum(([empty, e] for e in anchors), [])[len(anchors) :]
        e_0, e_c = eps(z, t, c_0, False), eps(z, t, c, False)  # 4
        target = e_0 - k["erase_guidance"] * (e_c - e_0)  # 5
        held = [eps(z, t, e, False) for e in anchors]  # 6
    loss = ((eps(z, t, c, True) - target) ** 2).mean()  # 7
    for e, wanted in zip(anchors, held):
        loss = loss + k["anchor_strength"] / len(anchors) * ((eps(z, t, e, True) - wanted) ** 2).mean()
    return loss


def erase(pipe, k):
    out, losses, deltas = {}, [], {}
    pipe.unet.requires_grad_(False)
    for number, pair in enumerate(k["concepts"]):
        ms = membranes(pipe.unet, k, derive(k["seed"], "spm adapters", number))
        parameters = [p for m in ms for p in (m.down, m.up)]
        optimizer = torch.optim.AdamW(parameters, lr=k["learning_rate"], weight_decay=k["weight_decay"])
        schedule = cosine(optimizer, k["warmup_steps"], k["steps"], k["cycles"])
        for step in range(1, k["steps"] + 1):
            optimizer.zero_grad()
            loss = step_loss(pipe, k, pair, number, step, ms)
            loss.backward()
            if step == 1:
                for m in ms:
                    out[f"gradient-norm.{number}.{m.name}.lora_B"] = m.up.grad.double().norm()
                    if m.up.numel() <= FEW:
                        out[f"gradient.{number}.{m.name}.lora_B"] = m.up.grad.clone()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        for m in ms:
            m.on = False
            deltas[m.name] = deltas.get(m.name, 0) + m.delta().double()
    for name, delta in deltas.items():
        out[f"moved.{name}.weight"] = delta.norm()
        if delta.numel() <= 1200 or name.endswith(("up_blocks.0.attentions.0.proj_in", "attn1.to_q")):
            out[f"delta.{name}.weight"] = delta.float()
    return {**out, "losses": torch.tensor(losses, dtype=torch.float64)}


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), {}
    cases = json.loads((folder / "rivals-spm-cases.json").read_text())
    for name, case in cases["cases"].items():
        k = {**cases["base"], **case}
        model = folder / k.get("model", "tiny-sd")
        pipe = StableDiffusionPipeline.from_pretrained(model, safety_checker=None, feature_extractor=None)
        pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
        pipe.text_encoder.requires_grad_(False)
        found = erase(pipe, k)
        out.update({f"{name}.{key}": tensor for key, tensor in found.items()})
        print(name, found["losses"].tolist())
    save_file(out, folder / "rivals-spm.safetensors")
