"""Reference values for org.realera.training.AdamWTest: torch.optim.AdamW on two small parameters.

    python scripts/golden/adamw.py src/test/resources/golden/adamw/adamw.json

Packages: scripts/golden/requirements.txt (torch).
"""

import json
import sys

import torch

STEPS = 12
SHAPES = {"up.lora_A": (2, 3), "up.lora_B": (5,)}
CASES = [
    {"lr": 1e-2, "weight_decay": 1e-2, "max_norm": 0.0},
    {"lr": 1e-3, "weight_decay": 0.0, "max_norm": 1.0},
]


def run(case, generator):
    params = {n: torch.randn(s, generator=generator).requires_grad_() for n, s in SHAPES.items()}
    out = {**case, "start": {n: p.detach().flatten().tolist() for n, p in params.items()}, "steps": []}
    optimizer = torch.optim.AdamW(
        params.values(), lr=case["lr"], weight_decay=case["weight_decay"], foreach=False
    )
    for step in range(STEPS):
        scale = 10.0 ** (step % 4 - 2)  # small and large gradients, so that epsilon and clipping count
        for p in params.values():
            p.grad = torch.randn(p.shape, generator=generator) * scale
        gradients = {n: p.grad.flatten().tolist() for n, p in params.items()}
        norm = None
        if case["max_norm"] > 0:
            norm = torch.nn.utils.clip_grad_norm_(params.values(), case["max_norm"]).item()
        optimizer.step()
        out["steps"].append(
            {
                "gradients": gradients,
                "norm": norm,
                "parameters": {n: p.detach().flatten().tolist() for n, p in params.items()},
            }
        )
    return out


if __name__ == "__main__":
    rng = torch.Generator().manual_seed(20)
    with open(sys.argv[1], "w") as f:
        json.dump([run(case, rng) for case in CASES], f, indent=1)
        f.write("\n")
