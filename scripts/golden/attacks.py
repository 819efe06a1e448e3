"""The attacks, each in one short torch program: oracle and specification of what this repository computes.

    python scripts/golden/attacks.py src/test/resources/golden POCKET

POCKET is the folder of the pocket model. Writes attacks.safetensors: gradients at token rows in float64 (tiny-sd, tiny-sd2,
pocket), the simplex projection and the genetic search on numbers of their own, and a few steps of each attack on tiny-sd in fp32.
org.realera.attack.AttacksParityTest runs the same. Written after the papers: AdvUnlearn, UnlearnDiffAtk, Prompting4Debugging,
Ring-A-Bell, concept inversion, RECE. The erased model is the original with other keys and values: see `erased`. Draws are
seeded as in realera.py. Packages: requirements.txt beside this file. On the CPU.
"""

import sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from realera import derive, generator
from rivals_trained import Net, integer
from safetensors.torch import save_file

PROMPT, CONCEPT, SEED, SIZE, FREE = "a photo of the cat", "cat", 7, 16, -1
PAIRS = [("a photo of the {}", "a photo"), ("one {} and nothing else", "nothing else")]
TEMPLATES = ["a photo of the {}", "a picture of a {}"]


def erased(net):  # U-Net weights that differ from the original's
    weights = {}
    for name, w in net.original.items():
        if name.endswith("attn2.to_k.weight"):
            weights[name] = 0.5 * w + 0.25 * w.flip(1)
        elif name.endswith("attn2.to_v.weight"):
            weights[name] = -0.5 * w
        elif name == "conv_out.bias":
            weights[name] = w + 0.25
    return weights


class Attacked(Net):
    def __init__(self, folder, dtype=torch.float32):
        pipe = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, torch_dtype=dtype)
        pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
        pipe.set_progress_bar_config(disable=True)
        super().__init__(pipe)
        self.edits, self.tokenizer = erased(self), pipe.tokenizer
        self.embedding = pipe.text_encoder.text_model.embeddings.token_embedding
        self.table = self.embedding.weight.detach()
        empty = self.tokenizer("", padding="max_length").input_ids
        self.bos, self.eos, self.pad = empty[0], empty[1], empty[-1]
        self.plain = [i for i in range(len(self.table)) if i not in (0, self.bos, self.eos, self.pad)]

    def ids(self, text):
        return self.tokenizer(text, add_special_tokens=False).input_ids

    def slots(self, tokens):  # 77 ids, FREE among them
        return ([self.bos] + tokens + [self.eos] + [self.pad] * 77)[:77]

    def rows(self, slots, free):  # [77, d]
        rows = self.table[torch.tensor(slots).clamp(min=0)].clone()
        rows[torch.tensor(slots) == FREE] = free
        return rows

    def encode(self, rows):
        hook = self.embedding.register_forward_hook(lambda *_: rows[None])
        e = self.pipe.text_encoder(torch.zeros(1, 77, dtype=torch.long)).last_hidden_state
        hook.remove()
        return e

    def words(self, slots, chosen):
        chosen = iter(chosen)
        whole = [next(chosen) if i == FREE else i for i in slots[1 : slots.index(self.eos)]]
        return self.tokenizer.decode(whole, clean_up_tokenization_spaces=False)

    def drawn(self, prompts, seeds):  # latents of the original's pictures
        options = dict(num_inference_steps=4, guidance_scale=3.0, height=SIZE, width=SIZE, output_type="latent")
        return self.pipe(prompts, generator=[generator(s) for s in seeds], **options).images

    def loss(self, slots, free, points):  # mean over points, and its gradient at the free rows
        free = free.detach().requires_grad_(True)
        e = self.encode(self.rows(slots, free))
        loss = sum(((self(self.edits, z[None], t, e) - y) ** 2).mean() for z, t, y in points) / len(points)
        return loss.item(), torch.autograd.grad(loss, free)[0]

    def draw(self, k, g):
        return self.table[[self.plain[integer(len(self.plain), g)] for _ in range(k)]]


def gradients(folder, name, result):
    net = Attacked(folder, torch.float64)
    g = generator(11)
    rows = (net.table.std() * torch.randn(77, net.table.shape[1], generator=g)).float().double()
    z, y = (torch.randn(3, 4, 8, 4, generator=g).float().double() for _ in range(2))
    t = torch.tensor([3, 500, 961])
    rows.requires_grad_(True)
    e = net.encode(rows)
    loss = sum(((net(net.edits, z[i : i + 1], t[i], e) - y[i]) ** 2).mean() for i in range(3)) / 3
    gradient = torch.autograd.grad(loss, rows)[0]
    found = {"rows": rows, "z": z, "t": t, "y": y, "e": e[0], "loss": loss, "gradient": gradient}
    result.update({f"{name}.{k}": v.detach() for k, v in found.items()})


def project(u):  # onto the simplex, exactly, by sorting
    s = u.sort(descending=True).values
    mu = (s.cumsum(0) - 1) / torch.arange(1, len(u) + 1)
    return (u - mu[(s > mu).nonzero().max()]).clamp(0, 1)


def nearest(table, v):
    return torch.nn.functional.cosine_similarity(v[:, None], table[None], dim=-1).argmax(1).tolist()


def genetic(population, generations, chance, below, token, fitness, mutation=0.25, crossover=0.5):
    size = len(population)
    for step in range(generations):
        population = sorted(population, key=fitness)[: size // 2]
        if step < generations - 1:
            parents, population = population, []
            for one in parents:
                population.append(one)
                if chance() < crossover:
                    other, cut = parents[below(len(parents))], below(len(one))
                    population += [one[:cut] + other[cut:], other[:cut] + one[cut:]]
            for i in range(1, len(population)):
                if chance() < mutation:
                    at = below(len(population[i]))
                    population[i] = population[i][:at] + [token()] + population[i][at + 1 :]
    return population


def numbers(result):
    g = generator(12)
    result["simplex.u"] = torch.cat([torch.rand(2, 40, generator=g), torch.randn(2, 40, generator=g)])
    result["simplex.projected"] = torch.stack([project(u) for u in result["simplex.u"].double()])
    result["genetic.draws"] = torch.rand(4000, generator=g).double()
    draws = iter(result["genetic.draws"].tolist())
    chance, below = lambda: next(draws), lambda n: int(next(draws) * n)
    token = lambda: below(50)
    population = [[token() for _ in range(6)] for _ in range(12)]
    distance = lambda m: sum((x - 7 * i) ** 2 for i, x in enumerate(m))
    result["genetic.population"] = torch.tensor(genetic(population, 9, chance, below, token, distance))


def soft_prompt(net, result):
    g = generator(derive(SEED, "attack soft-prompt", 0))
    net.scheduler.set_timesteps(5)
    empty, c = net.text(""), net.text(PROMPT)
    z, walk = torch.randn(1, 4, SIZE // net.pipe.vae_scale_factor, SIZE // net.pipe.vae_scale_factor, generator=generator(SEED)), []
    with torch.no_grad():
        for t in net.scheduler.timesteps:
            e_0, e_c = net(net.edits, z, t, empty), net(net.edits, z, t, c)
            walk.append((z[0], t, net({}, z, t, c)[0]))
            z = net.scheduler.step(e_0 + 3.0 * (e_c - e_0), t, z).prev_sample
    slots = net.slots([FREE] * 2 + net.ids(PROMPT))
    delta = net.draw(2, g)
    adam = torch.optim.Adam([delta], lr=0.01)
    for _ in range(4):
        loss, delta.grad = net.loss(slots, delta, [walk[integer(5, g)]])
        adam.step()
    result["soft_prompt.e"], result["soft_prompt.loss"] = net.encode(net.rows(slots, delta))[0].detach(), torch.tensor(loss)


def climb(u, adam, slope, table):  # one step of the variables on the simplex
    u.grad = torch.nn.functional.hardtanh(slope @ table.T)
    adam.step()
    u.data = torch.stack([project(row) for row in u.double()]).float()
    return u.clone()


def unlearndiff(net, result, texts):
    g = generator(derive(SEED, "attack unlearndiff", 0))
    z0 = net.drawn([PROMPT], [SEED])[0]
    slots, vocabulary = net.slots([FREE] * 3 + net.ids(PROMPT)), len(net.table)
    start = lambda: torch.full((3, vocabulary), 1 / vocabulary)
    optimizer = lambda u: torch.optim.Adam([u], lr=0.01, weight_decay=0.1)
    u = start()
    adam = optimizer(u)
    slopes, after = [], []
    for t in (250, 750):
        for _ in range(2):
            p = u.double().cumsum(1)
            chances = [torch.empty(1, dtype=torch.float64).uniform_(0, 1, generator=g).item() for _ in range(3)]
            ids = [int((p[j] > chances[j] * p[j, -1]).nonzero().min()) for j in range(3)]
            z, y = net.noised(z0, t, g)
            loss, slope = net.loss(slots, net.table[ids], [(z, t, y)])
            slopes.append(slope)
            after.append(climb(u, adam, slope, net.table))
    result["unlearndiff.slopes"], result["unlearndiff.u"] = torch.stack(slopes), torch.stack(after)
    result["unlearndiff.loss"] = torch.tensor(loss)
    steep = start()  # hardtanh cuts only slopes above 1, which these are
    adam = optimizer(steep)
    scales = 1e4, 1, 1e3, 1
    result["unlearndiff.steep"] = torch.stack([climb(steep, adam, x * s, net.table) for x, s in zip(slopes, scales)])
    texts["unlearndiff"] = net.words(slots, u.argmax(1).tolist())


def p4d(net, result, texts, name, tokens):
    g = generator(derive(SEED, f"attack {name}", 0))
    z0, c, slots = net.drawn([PROMPT], [SEED])[0], net.text(PROMPT), net.slots(tokens)
    v = net.draw(tokens.count(FREE), g)
    adam = torch.optim.AdamW([v], lr=0.1, weight_decay=0.1)
    for _ in range(4):
        t = integer(net.levels, g)
        z, _ = net.noised(z0, t, g)
        with torch.no_grad():
            y = net({}, z[None], t, c)[0]
        loss, v.grad = net.loss(slots, net.table[nearest(net.table, v)], [(z, t, y)])
        adam.step()
    result[f"{name}.loss"] = torch.tensor(loss)
    texts[name] = net.words(slots, nearest(net.table, v))


def inversion(net, result):
    g = generator(derive(0, f"attack inversion of {CONCEPT}", 0))
    seeds = [derive(0, "attack inversion picture", i) & 0xFFFFFFFF for i in range(3)]
    pictures = torch.stack([net.drawn([TEMPLATES[i % 2].replace("{}", CONCEPT)], [s])[0] for i, s in enumerate(seeds)])
    slots = [net.slots(net.ids(t[: t.index("{}")]) + [FREE] + net.ids(t[t.index("{}") + 2 :])) for t in TEMPLATES]
    v = net.table[net.ids("thing")[-1:]]
    adam = torch.optim.AdamW([v], lr=0.02, weight_decay=0.01)
    for _ in range(4):
        template, points = slots[integer(2, g)], []
        for _ in range(2):
            z0, t = pictures[integer(3, g)], integer(net.levels, g)
            z, y = net.noised(z0, t, g)
            points.append((z, t, y))
        loss, v.grad = net.loss(template, v, points)
        adam.step()
    result["inversion.e"], result["inversion.loss"] = net.encode(net.rows(slots[0], v))[0].detach(), torch.tensor(loss)


def ring_a_bell(net, result, texts):
    v = torch.stack([net.text(p.replace("{}", CONCEPT))[0] - net.text(q)[0] for p, q in PAIRS]).mean(0)
    target = net.text(PROMPT)[0] + 3.0 * v
    result["ring_a_bell.target"] = target
    g = generator(derive(SEED, "attack ring-a-bell", 0))
    chance = lambda: torch.empty(1, dtype=torch.float64).uniform_(0, 1, generator=g).item()
    below = lambda n: integer(n, g)
    token = lambda: net.plain[below(len(net.plain))]

    @torch.no_grad()
    def distance(tokens):
        e = net.pipe.text_encoder(torch.tensor([net.slots(tokens)])).last_hidden_state
        return ((e[0] - target) ** 2).sum().item()

    population = [[token() for _ in range(5)] for _ in range(10)]
    best = genetic(population, 6, chance, below, token, distance)[0]
    result["ring_a_bell.distance"] = torch.tensor(distance(best))
    texts["ring-a-bell"] = net.words(net.slots([FREE] * 5), best)


def probe(net, result):
    d = net.table.shape[1]
    s, x = 0.1 * torch.eye(d, dtype=torch.float64), torch.zeros(d, d, dtype=torch.float64)
    for name in net.edits:
        if "attn2" in name:
            w, new = net.original[name].double(), net.edits[name].double()
            s, x = s + new.T @ new, x + new.T @ w
    result["probe.e"] = (torch.linalg.solve(s, x) @ net.text(PROMPT)[0].double().T).T


def main(golden, pocket):
    torch.use_deterministic_algorithms(True)
    result, texts = {}, {}
    torch.set_default_dtype(torch.float64)  # transformers makes its mask in it
    for name, folder in ("tiny-sd", golden / "tiny-sd"), ("tiny-sd2", golden / "tiny-sd2"), ("pocket", pocket):
        gradients(folder, name, result)
    torch.set_default_dtype(torch.float32)
    numbers(result)
    net = Attacked(golden / "tiny-sd")
    soft_prompt(net, result)
    unlearndiff(net, result, texts)
    p4d(net, result, texts, "p4d-n", [FREE] * 6)
    words = net.ids(PROMPT)
    among = sum(([FREE] * (i % 3 == 0) + [w] for i, w in enumerate(words)), []) + [FREE] * (len(words) % 3 == 0)
    p4d(net, result, texts, "p4d-k", among)
    inversion(net, result)
    ring_a_bell(net, result, texts)
    probe(net, result)
    final = {n: (x.float() if x.is_floating_point() and n != "genetic.draws" else x).contiguous() for n, x in result.items()}
    save_file(final, golden / "attacks.safetensors")
    (golden / "attacks.txt").write_text("".join(f"{n}: {text}\n" for n, text in sorted(texts.items())), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
