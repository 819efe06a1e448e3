#!/usr/bin/env python3
"""Does diffusers draw the same picture from a single file that realera wrote as from the folder it was made from?

    pip install -r scripts/check/requirements.txt
    python scripts/golden/make_random_sd.py sd-random
    realera model convert sd-random --to single-file --out sd.safetensors
    python scripts/check/same_picture.py sd-random sd.safetensors

Small pictures and few steps: the weights are random, equality is all that matters. Works offline; diffusers takes the
configurations from the folder.
"""

import argparse

import numpy as np
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline


def draw(pipeline, size, steps):
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    generator = torch.Generator("cpu").manual_seed(0)
    images = pipeline(
        "a photo of the airplane",
        height=size,
        width=size,
        num_inference_steps=steps,
        generator=generator,
        output_type="np",
    ).images
    return images[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("single")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(1)
    options = dict(safety_checker=None, requires_safety_checker=False)
    first = draw(StableDiffusionPipeline.from_pretrained(args.folder, **options), args.size, args.steps)
    single = StableDiffusionPipeline.from_single_file(args.single, config=args.folder, local_files_only=True, **options)
    second = draw(single, args.size, args.steps)
    print(f"largest difference {np.abs(first - second).max() * 255:.6f} of 255, spread {first.std():.4f}")


if __name__ == "__main__":
    main()
