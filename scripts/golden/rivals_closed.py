"""What the public code of UCE, RECE and SPEED makes of the test models, and OCE by its formulas: the weights that
org.realera.method.RivalsTest compares with.

    python scripts/golden/rivals_closed.py src/test/resources/golden --uce UCE --rece RECE --speed SPEED

UCE, RECE and SPEED are clones of rohitgandikota/unified-concept-editing (with its history), CharlesGong12/RECE and
Ouxiang-Li/SPEED; the commits are named below. Their functions run as they are: nothing of them is copied or edited. From outside
come, because the scripts cannot run here otherwise:
- modules that they import but do not need for this (pandas, OpenAI's CLIP, RECE's pictures), as empty stand-ins; UCE 2023 lacks
  its "import ast";
- the device: "cpu" is passed where a function takes one; SPEED's width of 768 is a parameter, too;
- precision: the U-Net's weights and the text encoder's output (itself fp32) are widened to float64, because with the scripts' own
  fp32 two runs differ by what the condition number makes of 1e-7. How far fp32 lies off is printed for each case;
- chance: SPEED's k-means begins with rows 1/6, 3/6 and 5/6 on the way, its noise comes from named seeds, its shuffle is none.
Reads rivals-closed-cases.json, writes rivals-closed.safetensors: for each case every tensor that changes; of the embedded model,
whose tensors are large, W r with the random r of the file.
"""

import argparse, contextlib, hashlib, io, json, os, subprocess, sys, types
from pathlib import Path

os.environ["TQDM_DISABLE"] = "1"
import diffusers, torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file

UCE_2023, UCE_2025 = "bd5fb51:train-scripts/train_erase.py", "28c81ed:trainscripts/uce_sd_erase.py"
RECE, SPEED = "403a67f:", "6d3df0c:train_erase_null.py"


def derive(seed, purpose, index=0):  # as realera.py and org.realera.tensor.Noise
    return int.from_bytes(hashlib.sha256(f"{seed}\n{purpose}\n{index}".encode()).digest()[:8], "big") & (2**63 - 1)


# --- the public code, from the commits named -----------------------------------------------------------------------------


def module(clone, spec, name, **others):
    """A file of a commit as a module; others are what it finds in sys.modules while it is imported."""
    source = subprocess.run(["git", "-C", clone, "show", spec], check=True, capture_output=True, text=True).stdout
    found = types.ModuleType(name)
    before = {key: sys.modules.get(key) for key in others}
    sys.modules.update(others)
    try:
        exec(compile(source, spec, "exec"), found.__dict__)
    finally:
        torch.set_grad_enabled(True)  # UCE 2025 switches it off for everybody
        for key, value in before.items():
            sys.modules.pop(key) if value is None else sys.modules.update({key: value})
    return found


def stand_in(name, **members):
    found = types.ModuleType(name)
    found.__dict__.update(members)
    return found


def load(paths):
    pandas = stand_in("pandas")
    nothing = types.SimpleNamespace(from_pretrained=lambda *_: None)
    clip = stand_in("transformers", CLIPProcessor=nothing, CLIPModel=nothing)
    old = module(paths.uce, UCE_2023, "uce_2023", pandas=pandas, transformers=clip)
    old.ast = __import__("ast")
    package = stand_in("rece", embedding2img=None, setup_seed=None, __path__=[])
    sys.modules["rece"] = package
    probe = types.ModuleType("rece.close_form_emb")
    probe.__package__ = "rece"
    source = ["git", "-C", paths.rece, "show", RECE + "utils/embedding_calculation/close_form_emb.py"]
    sys.modules["pandas"] = pandas
    exec(subprocess.run(source, check=True, capture_output=True, text=True).stdout, probe.__dict__)
    del sys.modules["pandas"]
    return types.SimpleNamespace(
        uce_2023=old,
        uce=module(paths.uce, UCE_2025, "uce_2025"),
        rece_probe=probe,
        rece_edit=module(paths.rece, RECE + "erase_methods/uce.py", "rece_uce"),
        speed=module(
            paths.speed, SPEED, "speed", pandas=pandas,
            kmeans_pytorch=stand_in("kmeans_pytorch", kmeans=k_means),
            **{"src": stand_in("src"), "src.utils": stand_in("src.utils", seed_everything=None)},
        ),
    )


def k_means(X, num_clusters, distance, device):
    """Lloyd's algorithm to its end, from evenly spread rows: stands in for kmeans_pytorch's random beginning."""
    centers = X[[len(X) * (2 * i + 1) // (2 * num_clusters) for i in range(num_clusters)]]
    of = None
    while True:
        nearest = torch.cdist(X, centers).argmin(1)
        if of is not None and torch.equal(of, nearest):
            return of, centers
        of = nearest
        centers = torch.stack([X[of == i].mean(0) if (of == i).any() else centers[i] for i in range(num_clusters)])


# --- one function for each method: edits the pipeline's U-Net in place -----------------------------------------------------


def pairs(case):
    """Concepts and guides, expanded: what the scripts' own main programs make of their options."""
    templates = ["{}"] + case.get("expand_prompts", [])
    guide = lambda anchor: "" if case.get("guide") == "empty" else anchor
    both = [(t.replace("{}", c), t.replace("{}", guide(a))) for c, a in case["concepts"] for t in templates]
    return [c for c, _ in both], [a for _, a in both]


def uce(code, pipe, case, dtype):
    script = code.uce
    script.device, script.torch_dtype, saved = "cpu", dtype, {}
    script.save_file = lambda tensors, path: saved.update(tensors)
    rounded = torch.Tensor.float
    torch.Tensor.float = lambda x: x.to(dtype)
    try:
        scales = [case.get(key, default) for key, default in [("erase_scale", 1), ("preserve_scale", 1), ("lamb", 0.5)]]
        with torch.no_grad():
            script.UCE(pipe, *pairs(case), case.get("preserve", []), *scales, "", "")
    finally:
        torch.Tensor.float = rounded
    pipe.unet.load_state_dict(saved, strict=False)


def uce_2023(code, pipe, case, dtype, defaults=None):
    case = {**case, **(defaults or {})}
    retain = [""] + case.get("preserve", [])
    preserve_scale = case.get("preserve_scale", max(0.1, 1 / len(retain)))
    code.uce_2023.edit_model(
        pipe, *pairs(case), retain, lamb=case.get("lamb", 0.5), erase_scale=case.get("erase_scale", 1),
        preserve_scale=preserve_scale, technique="replace",
    )


def rece(code, pipe, case, dtype):
    """train_object.py's loop around its two functions, without the pictures between: from UCE's checkpoint on."""
    original = loaded(case, dtype)
    start = {key: case[key] for key in ("concepts", "preserve", "guide") if key in case}
    uce_2023(code, pipe, start, dtype)
    concepts, guides = pairs(case)
    for _ in range(case.get("epochs", 1)):
        probe = lambda c: code.rece_probe.close_form_emb_regzero(pipe, original, c, regeular_scale=case.get("regular_scale", 1e-3))
        with torch.no_grad():
            attacks = [probe(c)[1][0] for c in concepts]
            targets = [pipe.text_encoder(ids(pipe, g))[0][0] for g in guides]
        code.rece_edit.edit_model_adversarial(
            pipe, attacks, targets, [""] + case.get("preserve", []), technique="replace", lamb=case.get("lamb", 0.1),
            erase_scale=case.get("erase_scale", 1), preserve_scale=case.get("preserve_scale", 0.1),
        )


def speed(code, pipe, case, dtype):
    concepts, guides = pairs(case)
    concepts = ["nudity"] if case.get("all_tokens") else concepts  # the script's own word for "every token"
    texts = {"nudity": case["concepts"][0][0]} if case.get("all_tokens") else {}
    args = types.SimpleNamespace(
        params=case.get("params", "v").upper(), aug_num=case.get("aug_num", 10), threshold=case.get("threshold", 1e-1),
        retain_scale=case.get("retain_scale", 1.0), lamb=case.get("lamb", 0.0), disable_filter=case.get("disable_filter", False),
    )
    tokenizer, width = pipe.tokenizer, pipe.text_encoder.config.hidden_size
    renamed = lambda text, **options: tokenizer(texts.get(text, text) if isinstance(text, str) else text, **options)
    renamed.model_max_length = tokenizer.model_max_length
    with Chance(Chance.layers(pipe, args.params)) as chance, torch.no_grad():
        edited = code.speed.edit_model(
            args, types.SimpleNamespace(unet=pipe.unet, text_encoder=pipe.text_encoder, tokenizer=renamed), concepts, guides,
            case.get("preserve", [""]), baseline="SPEED", chunk_size=128, emb_size=width, device="cpu",
        )
    print(f"    eigenvalues next to the threshold: {chance.below:.1e} < {args.threshold:.0e} <= {chance.above:.1e}")
    pipe.unet.load_state_dict(edited, strict=False)


class Chance:
    """SPEED's draws from seeds that do not depend on what was drawn before, and the gap around its threshold."""

    def __init__(self, layers):
        self.layers, self.layer, self.below, self.above = layers, -1, 0.0, float("inf")

    @staticmethod
    def layers(pipe, params):
        wanted = [f"attn2.to_{p.lower()}" for p in params]
        return [n for n in pipe.unet.state_dict() if any(w in n for w in wanted)]

    def __enter__(self):
        self.real = torch.svd, torch.randn_like, torch.randperm
        torch.svd, torch.randn_like, torch.randperm = self.svd, self.randn_like, torch.arange
        return self

    def __exit__(self, *_):
        torch.svd, torch.randn_like, torch.randperm = self.real

    def svd(self, matrix):
        u, s, v = self.real[0](matrix)
        self.turn = not getattr(self, "turn", False)
        if self.turn:  # of each layer first its weight, then its Gram matrix
            self.layer, self.draws = self.layer + 1, 0
        else:
            threshold = sys._getframe(1).f_locals["args"].threshold
            self.below = max([self.below] + [x for x in s.tolist() if x < threshold])
            self.above = min([self.above] + [x for x in s.tolist() if x >= threshold])
        return u, s, v

    def randn_like(self, rows):  # eight rows at a time, aug_num draws of each
        aug_num = sys._getframe(1).f_locals["num_per_sample"]
        batch, again = divmod(self.draws, aug_num)
        self.draws += 1
        noise = []
        for i in range(len(rows)):
            seed = derive(derive(0, "speed " + self.layers[self.layer]), "row", batch * 8 + i)
            noise.append(torch.randn(aug_num, rows.shape[1], generator=torch.Generator().manual_seed(seed), dtype=torch.float32)[again])
        return torch.stack(noise).to(rows.dtype)


def oce(code, pipe, case, dtype):
    """OCE has no licence: own words, from the formulas. W* = R W, R the rotation nearest to M (Procrustes)."""
    last = lambda text: encoded(pipe, text)[length(pipe, text) - 2]
    k = {"erase_scale": 2000, "preserve_scale": 0, "prior_scale": 10, "lamb": 10, **case}
    concepts, guides = pairs(case)
    rows = torch.cat([encoded(pipe, text)[: length(pipe, text)] for text in case["captions"]])  # without padding
    prior, kept = rows.T @ rows / len(rows), [last(text) for text in case.get("preserve", [])]
    for name, w in pipe.unet.named_parameters():
        if name.endswith("attn2.to_v.weight"):
            w_ = w.detach()
            g, g_ = (projector(torch.stack([w_ @ last(t) for t in texts], 1)) for texts in (concepts, guides))
            m = -k["erase_scale"] * g @ (torch.eye(len(g)) - g_) + w_ @ (k["prior_scale"] * prior + k["lamb"] * torch.eye(w_.shape[1])) @ w_.T
            m = m + k["preserve_scale"] * sum((torch.outer(w_ @ p, w_ @ p) for p in kept), torch.zeros_like(m))
            u, s, v = torch.linalg.svd(m)
            if torch.linalg.det(u @ v) < 0:
                u[:, -1] *= -1
            w.data = u @ v @ w_


def projector(columns):  # on the space that they span
    u, s, _ = torch.linalg.svd(columns / columns.norm(dim=0), full_matrices=False)
    basis = u[:, s > 1e-6 * s[0]]
    return basis @ basis.T


# --- the cases ---------------------------------------------------------------------------------------------------------------


def ids(pipe, text):
    return pipe.tokenizer(text, padding="max_length", truncation=True, return_tensors="pt").input_ids


def length(pipe, text):
    return pipe.tokenizer(text, padding="max_length", truncation=True, return_tensors="pt").attention_mask.sum().item()


def encoded(pipe, text):
    with torch.no_grad():
        return pipe.text_encoder(ids(pipe, text))[0][0]


def loaded(case, dtype):
    pipe = StableDiffusionPipeline.from_pretrained(case["path"], safety_checker=None, feature_extractor=None)
    pipe.unet.to(dtype)
    widen = lambda module, inputs, output: type(output)({k: v.to(dtype) for k, v in output.items()})
    pipe.text_encoder.register_forward_hook(widen)
    return pipe


def run(code, case, dtype):
    torch.set_default_dtype(dtype)
    pipe = loaded(case, dtype)
    before = {n: w.detach().clone() for n, w in pipe.unet.named_parameters()}
    {"uce": uce, "uce-2023": uce_2023, "rece": rece, "speed": speed, "oce": oce}[case["method"]](code, pipe, case, dtype)
    after = {n: w.detach() for n, w in pipe.unet.named_parameters()}
    torch.set_default_dtype(torch.float32)
    return {n: (before[n].double(), w.double()) for n, w in after.items() if not torch.equal(w, before[n])}


def main():
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    options = argparse.ArgumentParser()
    options.add_argument("golden", type=Path)
    for name in ("uce", "rece", "speed"):
        options.add_argument("--" + name, required=True, help="a clone")
    options.add_argument("--only", default="", help="cases whose names begin so, for a look; writes nothing")
    paths = options.parse_args()
    code, out = load(paths), {}
    cases = json.loads((paths.golden / "rivals-closed-cases.json").read_text())
    pocket = paths.golden.resolve().parents[2] / "main/resources/org/realera/pocket/model"
    for name, case in cases["cases"].items():
        if not name.startswith(paths.only):
            continue
        model = case.get("model", "tiny-sd")
        case["path"] = pocket if model == "pocket" else paths.golden / model
        if "prior_captions" in case:
            lines = (paths.golden / case["prior_captions"]).read_text().splitlines()
            case["captions"] = [line.strip() for line in lines if line.strip()]
        print(name)
        with contextlib.redirect_stdout(io.StringIO()) as said:  # the scripts tell every step
            double, single = (run(code, case, dtype) for dtype in (torch.float64, torch.float32))
        print(*[line for line in said.getvalue().splitlines() if line.startswith("    eigen")][:1], sep="\n", end="\n" * (case["method"] == "speed"))
        total = lambda pick: sum(pick(n).norm() ** 2 for n in double).sqrt()
        moved = total(lambda n: double[n][1] - double[n][0])
        off = total(lambda n: single[n][1] - double[n][1]) / moved
        print(f"    {len(double)} tensors, moved {moved:.3g}; the scripts' own fp32 lies {off:.1e} of that off")
        for n, (_, w) in double.items():
            seed = derive(0, "projection " + n)
            r = torch.randn(w.shape[1], cases["projected"], generator=torch.Generator().manual_seed(seed)).double()
            out[f"{name}.{n}"] = (w @ r if model == "pocket" else w).float().contiguous()
            if model == "pocket":
                out["r." + n] = r.float()
    if not paths.only:
        save_file(out, paths.golden / "rivals-closed.safetensors")


if __name__ == "__main__":
    main()
