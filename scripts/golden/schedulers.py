#!/usr/bin/env python3
"""Writes timesteps, alpha-bars and steps of DDIM for many configurations, as StableDiffusionPipeline runs it.

    python scripts/golden/schedulers.py

Writes
  src/test/resources/golden/ddim.json                         the cases below
  src/test/resources/corpus/scheduler/NAME.expected.json      one for each NAME.json there that has no NAME.refused.txt

A configuration is read by DDIMScheduler.from_config, whichever scheduler it was written for, and the scheduler is given to
a StableDiffusionPipeline, which sets clip_sample to False and steps_offset to 1. For the files of the corpus, this is checked to
be the same as what comes of the usual two steps: the pipeline with the folder's own scheduler, then
DDIMScheduler.from_config(pipe.scheduler.config) in a pipeline.

Each entry has the number of steps, the timesteps, alpha-bar at them, the latents after two steps from known numbers,
and noised ones. A new case is one file more in the corpus. Package versions: requirements.txt beside this file.
"""

import json
import tempfile
from pathlib import Path

import diffusers
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline

diffusers.utils.logging.set_verbosity_error()
TESTS = Path(__file__).resolve().parents[2] / "src/test/resources"
STEPS = 20

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


def in_pipeline(scheduler):
    """The scheduler as it is after a StableDiffusionPipeline was made with it."""
    pipeline = StableDiffusionPipeline(None, None, None, None, scheduler, None, None, requires_safety_checker=False)
    return pipeline.scheduler


def of_folder(config):
    """What a user has who loads a folder with its own scheduler and then asks for DDIM."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scheduler_config.json").write_text(json.dumps(config))
        kind = getattr(diffusers, config.get("_class_name", "DDIMScheduler"))
        own = in_pipeline(kind.from_pretrained(folder))
    return in_pipeline(DDIMScheduler.from_config(own.config))


def table(scheduler, steps):
    scheduler.set_timesteps(steps)
    x = torch.linspace(-1, 1, 8).reshape(1, 4, 1, 2)
    output = torch.linspace(0.9, -0.7, 8).reshape(1, 4, 1, 2)
    after = []
    for t in [scheduler.timesteps[0], scheduler.timesteps[-1]]:
        x = scheduler.step(output, t, x).prev_sample
        after.append(x.flatten().tolist())
    noised = scheduler.add_noise(torch.ones(1, 1), 2 * torch.ones(1, 1), scheduler.timesteps[-1:])
    return {
        "steps": steps,
        "timesteps": scheduler.timesteps.tolist(),
        "alpha_bars": [scheduler.alphas_cumprod[t].item() for t in scheduler.timesteps],
        "after": after,
        "noised": noised.item(),
    }


def case(config, steps):
    return {"config": dict({"_class_name": "DDIMScheduler"}, **config), **table(in_pipeline(DDIMScheduler.from_config(config)), steps)}


(TESTS / "golden/ddim.json").write_text(json.dumps([case(*c) for c in CASES], indent=1))
for file in sorted((TESTS / "corpus/scheduler").glob("*.json")):
    if file.name.endswith(".expected.json") or file.with_suffix(".refused.txt").exists():
        continue
    config = json.loads(file.read_text())
    expected = table(in_pipeline(DDIMScheduler.from_config(config)), STEPS)
    assert table(of_folder(config), STEPS) == expected, file
    file.with_suffix(".expected.json").write_text(json.dumps(expected, indent=1) + "\n")
