"""Draws the training pictures with their captions once: images.npy [N, 64, 64, 3] uint8 and captions.json."""

import argparse
import json
import os

import numpy as np

import world
from compose import Composer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--icons", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=48000)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--steady", action="store_true", help="less variety in size, place, turn and scene")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    composer = Composer(args.icons, world.DRAWN_SETS if args.steady else world.TRAIN_SETS, args.seed, backgrounds=24 if args.steady else 60,
                        class_share=.62 if args.steady else .57, steady=args.steady)
    images = np.lib.format.open_memmap(os.path.join(args.out, "images.npy"), "w+", np.uint8, (args.count, 64, 64, 3))
    rows = []
    for i in range(args.count):
        s = composer.sample(captions=4)
        images[i] = s.image
        rows.append({"word": s.word, "label": s.label, "scene": s.scene, "captions": [c.text for c in s.captions]})
    images.flush()
    with open(os.path.join(args.out, "captions.json"), "w") as f:
        json.dump(rows, f)


if __name__ == "__main__":
    main()
