"""Puts the trained parts together in half precision: model/ (a diffusers folder with its card), scorer/ and files.json."""

import argparse
import hashlib
import json
import math
import os
import shutil

import diffusers
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from safetensors import safe_open

from train_unet import SCHEDULER

LIMIT = 24_000_000


def write(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2, ensure_ascii=False)
        f.write("\n")


def model_index():
    return {"_class_name": "StableDiffusionPipeline", "_diffusers_version": diffusers.__version__, "feature_extractor": [None, None],
            "image_encoder": [None, None], "requires_safety_checker": False, "safety_checker": [None, None],
            "scheduler": ["diffusers", "DDIMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"]}


def index_files(out):
    """files.json: every file of the folder but itself."""
    found = sorted(os.path.relpath(os.path.join(d, f), out) for d, _, names in os.walk(out) for f in names)
    rows = []
    for path in found:
        if path == "files.json":
            continue
        with open(os.path.join(out, path), "rb") as f:
            data = f.read()
        rows.append({"path": path.replace(os.sep, "/"), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    write(os.path.join(out, "files.json"), {"files": rows})
    total = sum(r["size"] for r in rows)
    print(f"{len(rows)} files, {total / 1e6:.2f} MB")
    assert total <= LIMIT, "the folder is too big"


def parameters(folder):
    """How many numbers the safetensors file of a folder holds."""
    total = 0
    for name in os.listdir(folder):
        if name.endswith(".safetensors"):
            with safe_open(os.path.join(folder, name), "pt") as f:
                total += sum(math.prod(f.get_slice(k).get_shape()) for k in f.keys())
    return total


def tidy_config(folder):
    """No trace of the machine that trained it."""
    path = os.path.join(folder, "config.json")
    config = json.load(open(path))
    config.pop("_name_or_path", None)
    write(path, config)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True, help="folder with tokenizer/, text_encoder/, vae/, scorer/ and the logs")
    p.add_argument("--unet", required=True, help="folder of the EMA U-Net")
    p.add_argument("--out", required=True)
    p.add_argument("--figures", help="what measure.py wrote")
    p.add_argument("--training", help="JSON with the training log in figures")
    args = p.parse_args()
    top, out = args.out, os.path.join(args.out, "model")
    os.makedirs(out, exist_ok=True)
    write(os.path.join(out, "model_index.json"), model_index())
    UNet2DConditionModel.from_pretrained(args.unet).half().save_pretrained(os.path.join(out, "unet"))
    AutoencoderKL.from_pretrained(os.path.join(args.model, "vae")).half().save_pretrained(os.path.join(out, "vae"))
    DDIMScheduler(**SCHEDULER, timestep_spacing="leading").save_pretrained(os.path.join(out, "scheduler"))
    for part, target in (("tokenizer", out), ("text_encoder", out), ("scorer", top)):
        source, target = os.path.join(args.model, part), os.path.join(target, part)
        if not os.path.exists(target) or not os.path.samefile(source, target):
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
    scorer = os.path.join(top, "scorer")
    for folder in (*(os.path.join(out, part) for part in ("unet", "vae", "text_encoder")), scorer):
        tidy_config(folder)
    for d, _, names in os.walk(top):
        for name in names:
            os.chmod(os.path.join(d, name), 0o644)
    here = os.path.dirname(os.path.abspath(__file__))
    shutil.copy(os.path.join(here, "ATTRIBUTION.md"), out)
    shutil.copytree(os.path.join(here, "licenses"), os.path.join(out, "licenses"), dirs_exist_ok=True)
    card = {"steps": 25, "guidance": 3.0, "recipe": "pocket", "resolution": 64,
            "parameters": {**{part: parameters(os.path.join(out, part)) for part in ("unet", "vae", "text_encoder")},
                           "scorer": parameters(scorer)}}
    log = os.path.join(args.model, "scorer-log.json")
    if os.path.exists(log):
        held = json.load(open(log))["held_out"]
        card["scorer_held_out"] = held
        card["scorer_held_out_top1"] = round(sum(v["top1"] for v in held.values()) / len(held), 4)
    if args.figures:
        figures = json.load(open(args.figures))
        card["guidance"] = figures["guidance"]
        card["measured"] = figures
    if args.training:
        card["training"] = json.load(open(args.training))
    write(os.path.join(out, "card.json"), card)
    index_files(top)


if __name__ == "__main__":
    main()
