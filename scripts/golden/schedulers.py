#!/usr/bin/env python3
"""Writes timesteps, alpha-bars and steps of diffusers' DDIMScheduler for many configurations.

    python schedulers.py OUT.json        src/test/resources/golden/ddim.json

Each entry has the configuration (as in a scheduler_config.json), the number of steps, the timesteps, alpha-bar at some of them,
and the latents after two steps from known numbers. Package versions: requirements.txt beside this file.
"""

import json
import sys

import torch
from diffusers import DDIMScheduler

BASE = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
SD = dict(BASE, set_alpha_to_one=False, steps_offset=1, clip_sample=False)
CASES = [
    (SD, 50),
    (SD, 25),
    (SD, 7),
    (SD, 1),
    (dict(BASE), 50),
    (dict(SD, prediction_type="v_prediction"), 20),
    (dict(SD, prediction_type="sample", clip_sample=True, clip_sample_range=0.5), 20),
    (dict(SD, timestep_spacing="trailing", rescale_betas_zero_snr=True, prediction_type="v_prediction"), 30),
    (dict(SD, timestep_spacing="linspace", steps_offset=0), 30),
    (dict(SD, beta_schedule="linear", clip_sample=True), 10),
    (dict(SD, beta_schedule="squaredcos_cap_v2"), 10),
    (dict(SD, trained_betas=[0.01 * (i + 1) for i in range(40)], num_train_timesteps=40), 8),
]


def case(config, steps):
    scheduler = DDIMScheduler.from_config(config)
    scheduler.set_timesteps(steps)
    x = torch.linspace(-1, 1, 8).reshape(1, 4, 1, 2)
    output = torch.linspace(0.9, -0.7, 8).reshape(1, 4, 1, 2)
    after = []
    for t in [scheduler.timesteps[0], scheduler.timesteps[-1]]:
        x = scheduler.step(output, t, x).prev_sample
        after.append(x.flatten().tolist())
    noised = scheduler.add_noise(torch.ones(1, 1), 2 * torch.ones(1, 1), scheduler.timesteps[-1:])
    return {
        "config": dict({"_class_name": "DDIMScheduler"}, **config),
        "steps": steps,
        "timesteps": scheduler.timesteps.tolist(),
        "alpha_bars": [scheduler.alphas_cumprod[t].item() for t in scheduler.timesteps],
        "after": after,
        "noised": noised.item(),
    }


with open(sys.argv[1], "w") as out:
    json.dump([case(*c) for c in CASES], out, indent=1)
