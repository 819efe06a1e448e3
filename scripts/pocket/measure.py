"""Measures the exported folder: accuracies per class, synonym and scene, residue, cosines, a grid of samples."""

import argparse
import json
import time

import numpy as np
import torch

import residue
import world
from cosines import table
from pipeline import OPEN_SET, Model, Scorer, sheet


def accuracies(model, scorer, words, images, guidance):
    """{word: (label to look for)} -> closed and open figures per word."""
    out = {}
    for word, label in words.items():
        drawn = model.draw([f"a photo of the {word}"] * images, range(images), guidance)
        out[word] = scorer.score(drawn, label)
        if label in OPEN_SET:
            p = scorer.probabilities(drawn, True)[:, :10].mean(0)
            out[word]["nearest_class"] = {list(world.CLASSES)[int(p.argmax())]: round(p.max().item(), 4)}
        print(word, json.dumps(out[word]), flush=True)
    return out


def means(figures):
    return {kind: {k: round(float(np.mean([f[kind][k] for f in figures.values()])), 4) for k in ("probability", "top1")}
            for kind in ("closed", "open") if kind in next(iter(figures.values()))}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder", help="with model/ and scorer/")
    p.add_argument("--images", type=int, default=50)
    p.add_argument("--guidance", type=float, default=3.0)
    p.add_argument("--out", required=True)
    p.add_argument("--samples", help="where to write the grid of samples")
    p.add_argument("--quick", action="store_true", help="classes, synonyms and scenes only")
    args = p.parse_args()
    torch.manual_seed(0)
    model, scorer = Model(f"{args.folder}/model"), Scorer(f"{args.folder}/scorer")
    started = time.time()
    model.draw(["a photo of the cat"] * 8, range(8), args.guidance)
    result = {"guidance": args.guidance, "steps": 25, "images_per_word": args.images,
              "seconds_per_image": round((time.time() - started) / 8, 3), "threads": torch.get_num_threads()}
    result["classes"] = accuracies(model, scorer, {c: c for c in world.CLASSES}, args.images, args.guidance)
    result["synonyms"] = accuracies(model, scorer, {w: c for c, ws in world.SYNONYMS.items() for w in ws}, args.images, args.guidance)
    result["scenes"] = accuracies(model, scorer, {s: s for s in OPEN_SET}, args.images, args.guidance)
    if not args.quick:
        subtypes = {w: c for c, (_, _, _, ws) in world.CLASSES.items() for w in list(ws)[4:]}
        result["subtypes"] = accuracies(model, scorer, subtypes, max(10, args.images // 5), args.guidance)
    for group in ("classes", "synonyms", "scenes", "subtypes"):
        if group in result:
            result[f"{group}_mean"] = means(result[group])
            print(group, json.dumps(result[f"{group}_mean"]))
    result["cosines"] = table(f"{args.folder}/model")
    if not args.quick:
        result["residue"] = {"ridge": residue.RIDGE, "images_per_word": 20,
                             "pairs": residue.measure(model, scorer, args.guidance, 20)}
    json.dump(result, open(args.out, "w"), indent=1)
    if args.samples:
        rows = [model.draw([f"a photo of the {c}"] * 8, range(8), args.guidance) for c in world.CLASSES]
        rows.append(model.draw([f"a photo of the {s}" for s in OPEN_SET], range(8), args.guidance))
        others = ["tree", "house", "flower", "apple", "fish", "rocket", "train", "elephant"]
        rows.append(model.draw([f"a photo of the {s}" for s in others], range(8), args.guidance))
        sheet(rows, args.samples, 2)


if __name__ == "__main__":
    main()
