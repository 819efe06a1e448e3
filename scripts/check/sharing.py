#!/usr/bin/env python3
"""Do the files that realera writes to share an erasure do in diffusers what they say?

    pip install -r scripts/check/requirements.txt
    realera model convert out/no-cat --to delta  --out delta.safetensors
    realera model convert out/no-cat --to lora   --rank 128 --out lora.safetensors
    realera model convert out/no-cat --to kohya  --rank 128 --out kohya.safetensors
    python scripts/check/sharing.py BASE out/no-cat delta.safetensors lora.safetensors kohya.safetensors

BASE is the diffusers folder that out/no-cat was made from. Each file is put on BASE, by load_state_dict(strict=False) or
load_lora_weights, and its weights and one picture are compared with the erased folder's.
"""

import argparse

import numpy as np
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from safetensors import safe_open
from safetensors.torch import load_file


def pipeline(folder):
    loaded = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, torch_dtype=torch.float32)
    loaded.scheduler = DDIMScheduler.from_config(loaded.scheduler.config)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def draw(loaded, args):
    generator = torch.Generator("cpu").manual_seed(0)
    return loaded(
        args.prompt,
        height=args.size,
        width=args.size,
        num_inference_steps=args.steps,
        guidance_scale=3.0,
        generator=generator,
        output_type="np",
    ).images[0]


def weights(unet):
    return {n.replace(".base_layer", ""): p.detach() for n, p in unet.named_parameters() if ".lora_" not in n}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("erased")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--prompt", default="a photo of the airplane")
    args = parser.parse_args()
    torch.set_num_threads(1)
    erased = pipeline(args.erased)
    wanted, picture = weights(erased.unet), draw(erased, args)
    before = draw(pipeline(args.base), args)
    print(f"without any: picture differs by up to {np.abs(before - picture).max() * 255:.3f} of 255")
    for name in args.files:
        loaded = pipeline(args.base)
        with safe_open(name, "pt") as file:
            keys, metadata = list(file.keys()), file.metadata()
        if any("lora" in k for k in keys):
            loaded.load_lora_weights(name)
            merged = pipeline(args.base)
            merged.load_lora_weights(name)
            merged.fuse_lora()
            found = weights(merged.unet)
        else:
            result = loaded.unet.load_state_dict(load_file(name), strict=False)
            assert not result.unexpected_keys, result.unexpected_keys[:3]
            found = weights(loaded.unet)
        error = max(float((found[n] - w).norm() / w.norm()) for n, w in wanted.items())
        difference = np.abs(draw(loaded, args) - picture)
        print(
            f"{name}: {len(keys)} tensors, licence {metadata['modelspec.license']!r}; largest relative difference of a "
            f"weight {error:.2e}, of a pixel {difference.max() * 255:.3f} of 255 (mean {difference.mean() * 255:.3f})"
        )


if __name__ == "__main__":
    main()
