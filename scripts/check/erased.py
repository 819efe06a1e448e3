#!/usr/bin/env python3
"""Did `realera erase` change the cross-attention's keys and values, all of them and nothing else, and does diffusers load it?

    pip install -r scripts/check/requirements.txt
    python scripts/golden/make_random_sd.py sd21-random --size sd21
    realera erase -m sd21-random -c airplane -a sky --no-alignment --out erased21
    python scripts/check/erased.py sd21-random erased21

    realera model convert sd21-random --to single-file --out sd21.safetensors
    realera erase -m sd21.safetensors -c airplane -a sky --no-alignment --out erased21-single
    python scripts/check/erased.py sd21-random erased21-single --same erased21

Every tensor is compared with the base's; then the folder is loaded by from_pretrained and draws a small picture, and so
does the base. --same: all tensors must be those of another erased folder.
"""

import argparse
import sys

import numpy as np
import torch
from diffusers.utils import logging

import folders


def changed(base, erased):
    """Returns how many tensors are not as they should be."""
    wrong = count = same = 0
    for part in folders.FILES:
        before, after = folders.tensors(base, part), folders.tensors(erased, part)
        wrong += len(set(before) ^ set(after))
        for name in set(before) & set(after):
            projection = part == "unet" and name.endswith(("attn2.to_k.weight", "attn2.to_v.weight"))
            equal = folders.same(before[name], after[name])
            finite = bool(torch.isfinite(after[name].float()).all()) if projection else True
            count, same = count + projection, same + (equal and not projection)
            if equal == projection or before[name].shape != after[name].shape or not finite:
                wrong += 1
                print(f"{part}: {name} {'is as it was' if equal else 'is not as it was'}")
    print(f"{count} projections attn2.to_k and to_v differ, {same} other tensors are the base's, byte for byte; {wrong} wrong")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("erased")
    parser.add_argument("--same", help="another erased folder, whose tensors must be these")
    args = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    wrong = changed(args.base, args.erased)
    if args.same:
        for part in folders.FILES:
            title = f"{part}, as in {args.same}"
            wrong += folders.compare(title, folders.tensors(args.erased, part), args.same, part)
    before = folders.draw(folders.pipeline(args.base), size=64, steps=2)
    loaded = folders.pipeline(args.erased)
    after = folders.draw(loaded, size=64, steps=2)
    scheduler = loaded.scheduler.config
    print(
        f"from_pretrained draws; {scheduler.prediction_type}; the picture differs from the base's by up to "
        f"{np.abs(after - before).max() * 255:.1f} of 255"
    )
    sys.exit(1 if wrong or not np.isfinite(after).all() or (after == before).all() else 0)


if __name__ == "__main__":
    main()
