#!/usr/bin/env python3
"""Do the files that realera writes to share an erasure do in diffusers what they say?

    pip install -r scripts/check/requirements.txt
    realera model convert out/no-cat --to delta  --out delta.safetensors
    realera model convert out/no-cat --to lora   --rank 128 --out lora.safetensors
    realera model convert out/no-cat --to kohya  --rank 128 --out kohya.safetensors
    python scripts/check/sharing.py BASE out/no-cat delta.safetensors lora.safetensors kohya.safetensors

BASE is the diffusers folder that out/no-cat was made from. Each file is put on BASE, by load_state_dict(strict=False) or
load_lora_weights, and its weights and one picture are compared with the erased folder's: of a delta they must be equal, and a
LoRA must hold the whole change, to half a unit of the type that the weights are stored in, and the picture to 0.1 of 255. At
full size, too, in 12 GB; there a LoRA is cut, so say what `--json` printed of it, and what each layer misses must be that:

    realera model convert erased --to kohya --rank 64 --out kohya.safetensors --json > kohya.json
    python scripts/check/sharing.py sd-random erased --printed kohya.json --steps 2 kohya.safetensors
"""

import argparse
import sys

import numpy as np
import torch
from diffusers.utils import logging
from safetensors import safe_open
from safetensors.torch import load_file

import folders

PIXEL = 0.1  # of 255, by a LoRA of full rank


def drawn(loaded, args):
    return folders.draw(loaded, args.size, args.steps, args.prompt)


def weights(unet):
    return {n.replace(".base_layer", ""): p.detach() for n, p in unet.named_parameters() if ".lora_" not in n}


def whole(weight):
    """How far a LoRA may be from a weight if it holds the whole change: realera's own limit, and what sums in fp32 lose."""
    return torch.finfo(weight.dtype).eps / 2 + 1e-6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("erased")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--prompt", default="a photo of the airplane")
    parser.add_argument("--printed", help="what `realera model convert --json` printed of the LoRA files")
    args = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    wanted, picture = folders.tensors(args.erased, "unet"), drawn(folders.pipeline(args.erased), args)
    before = drawn(folders.pipeline(args.base), args)
    print(f"without any: picture differs by up to {np.abs(before - picture).max() * 255:.3f} of 255")
    wrong = 0
    for name in args.files:
        loaded = folders.pipeline(args.base)
        with safe_open(name, "pt") as file:
            keys, metadata = list(file.keys()), file.metadata()
        lora = any("lora" in k for k in keys)
        if lora:
            loaded.load_lora_weights(name)
        else:
            result = loaded.unet.load_state_dict(load_file(name), strict=False)
            assert not result.unexpected_keys, result.unexpected_keys[:3]
        difference = np.abs(drawn(loaded, args) - picture)
        if lora:
            loaded.fuse_lora()
        found = weights(loaded.unet)
        errors = {n: float((found[n] - w).norm() / (w.float().norm() or 1)) for n, w in wanted.items()}
        error = np.max(list(errors.values()))  # NaN if there is one, unlike Python's max
        pixel = difference.max() * 255
        print(
            f"{name}: {len(keys)} tensors, licence {metadata['modelspec.license']!r}; largest relative difference of a "
            f"weight {error:.2e}, of a pixel {pixel:.3f} of 255 (mean {difference.mean() * 255:.3f})"
        )
        if lora and args.printed:
            wrong += folders.lora(name, found, args.base, args.erased, args.printed)
        elif lora:
            wrong += not (all(errors[n] <= whole(w) for n, w in wanted.items()) and pixel <= PIXEL)
        else:
            wrong += not (error == 0 and pixel == 0)
    if wrong:
        print(f"{wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
