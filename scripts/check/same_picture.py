#!/usr/bin/env python3
"""Does diffusers draw the same picture from a single file that realera wrote as from the folder it was made from?

    pip install -r scripts/check/requirements.txt
    python scripts/golden/make_random_sd.py sd-random
    realera model convert sd-random --to single-file --out sd.safetensors
    python scripts/check/same_picture.py sd-random sd.safetensors

Small pictures and few steps: the weights are random, equality is all that matters. Fails if a pixel differs by more than
--limit. Works offline; diffusers takes the configurations from the folder.
"""

import argparse
import sys

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from diffusers.utils import logging

import folders


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("single")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--limit", type=float, default=0.01, help="how far a pixel may be off, of 255 (default: %(default)s)")
    args = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    first = folders.draw(folders.pipeline(args.folder), args.size, args.steps)
    single = StableDiffusionPipeline.from_single_file(args.single, config=args.folder, local_files_only=True, safety_checker=None)
    second = folders.draw(single, args.size, args.steps)
    difference, spread = np.abs(first - second).max() * 255, first.std()
    print(f"largest difference {difference:.6f} of 255, spread {spread:.4f}")
    sys.exit(0 if difference <= args.limit and spread > 0 else 1)  # pictures of one colour, or of NaN, would show nothing


if __name__ == "__main__":
    main()
