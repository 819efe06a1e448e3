#!/usr/bin/env python3
"""Does diffusers make the same model of a single file as realera does?

    pip install -r scripts/check/requirements.txt
    python scripts/golden/make_random_sd.py sd21-random --size sd21
    realera model convert sd21-random --to single-file --out sd21.safetensors
    python scripts/check/same_tensors.py sd21-random sd21.safetensors          # what realera wrote
    python scripts/check/same_tensors.py --original sd21.safetensors published.safetensors
    realera model convert published.safetensors --to diffusers --out sd21-again
    python scripts/check/same_tensors.py sd21-again published.safetensors      # what realera read

Compares every tensor of the folder with what `from_single_file` makes of the file, byte for byte, configured by the
folder and offline. --original writes a file as the published ones of Stable Diffusion 2 are: with the 24th layer of the
text encoder, its projection and temperature, what training leaves behind, fp16, and no metadata; with --spread S the
weights by whose spread ComfyUI and realera guess the prediction (v above 0.09) have that spread.
"""

import argparse
import sys

import torch
from diffusers import StableDiffusionPipeline
from safetensors import safe_open
from safetensors.torch import save_file

import folders

TEXT = "cond_stage_model.model."
TELLTALE = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias"


def original(source, target, spread):
    tensors = {}
    with safe_open(source, "pt") as file:
        for name in file.keys():
            tensors[name] = file.get_tensor(name).half()
    layers = [name for name in tensors if name.startswith(TEXT + "transformer.resblocks.")]
    if not layers:
        sys.exit(f"{source} is no Stable Diffusion 2")
    last = max(int(name.split(".")[4]) for name in layers)
    torch.manual_seed(0)
    for name in layers:
        if int(name.split(".")[4]) == last:
            tensors[name.replace(f".{last}.", f".{last + 1}.", 1)] = torch.randn_like(tensors[name])
    width = tensors[TEXT + "ln_final.weight"].shape[0]
    tensors[TEXT + "text_projection"] = torch.randn(width, width).half()
    tensors[TEXT + "logit_scale"] = torch.tensor(4.6)
    tensors["model_ema.decay"] = torch.tensor(0.9999)
    tensors["alphas_cumprod"] = torch.linspace(1, 0, 1000)
    if spread is not None:
        values = tensors[TELLTALE].float().uniform_(-1, 1)
        tensors[TELLTALE] = (values / values.std(unbiased=False) * spread).half()
    save_file(tensors, target)
    print(f"{len(tensors)} tensors")


def compare(folder, single):
    made = StableDiffusionPipeline.from_single_file(single, config=folder, local_files_only=True, safety_checker=None)
    wrong = sum(folders.compare(p, getattr(made, p).state_dict(), folder, p, folders.values) for p in folders.FILES)
    print(f"{made.scheduler.__class__.__name__}, {made.scheduler.config.prediction_type}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--original", action="store_true", help="write a file as the published ones are")
    parser.add_argument("--spread", type=float, metavar="S", help="with --original: of the weights that the guess looks at")
    parser.add_argument("first", help="the folder; with --original the file that realera wrote")
    parser.add_argument("second", help="the single file; with --original the file to write")
    args = parser.parse_args()
    if args.original:
        original(args.first, args.second, args.spread)
    elif compare(args.first, args.second):
        sys.exit(1)


if __name__ == "__main__":
    main()
