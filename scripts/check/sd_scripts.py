#!/usr/bin/env python3
"""Do kohya's sd-scripts load what realera writes, and does its merging make the erased model of a LoRA?

    git clone https://github.com/kohya-ss/sd-scripts && git -C sd-scripts checkout 48d368fa557731ad0488c07304dfeba8c07910eb
    pip install -r scripts/check/requirements.txt
    realera model convert erased --to single-file --out erased.safetensors
    python scripts/check/sd_scripts.py sd-scripts erased erased.safetensors

    realera model convert sd-random --to single-file --out base.safetensors
    realera model convert erased --to kohya --rank 64 --out kohya.safetensors --json > kohya.json
    python scripts/check/sd_scripts.py sd-scripts erased base.safetensors --base sd-random --lora kohya.safetensors kohya.json

The folders are made by scripts/golden/make_random_sd.py and `realera erase`; --v2 for those of Stable Diffusion 2. The
first compares every tensor that load_models_from_stable_diffusion_checkpoint makes of the file with the folder's. The
second runs networks/merge_lora.py and compares the checkpoint that it writes with the erased folder; --keep FILE keeps that
checkpoint, and realera reads it as diffusers does:

    realera model convert merged.safetensors --to diffusers --out merged
    python scripts/check/same_tensors.py merged merged.safetensors
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open

import folders


def whole(checkout, folder, single, v2):
    sys.path.insert(0, checkout)
    from library import model_util

    text_encoder, vae, unet = model_util.load_models_from_stable_diffusion_checkpoint(v2, single)
    parts = {"unet": unet, "vae": vae, "text_encoder": text_encoder}
    return sum(folders.compare(part, model.state_dict(), folder, part) for part, model in parts.items())


def merged(checkout, base, erased, single, lora, printed, v2, keep):
    with tempfile.TemporaryDirectory(dir=".") as scratch:
        target = str(Path(keep).resolve() if keep else Path(scratch).resolve() / "merged.safetensors")
        command = [sys.executable, "networks/merge_lora.py", "--sd_model", str(Path(single).resolve())]
        command += ["--models", str(Path(lora).resolve()), "--ratios", "1", "--save_to", target]
        command += ["--precision", "float", "--save_precision", "float", *(["--v2"] if v2 else [])]
        done = subprocess.run(
            command, cwd=checkout, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True, errors="replace"
        )
        lost = [line for line in (done.stdout + done.stderr).splitlines() if "no module found" in line]
        if done.returncode or lost:
            print(done.stdout, done.stderr, sep="\n")
            return 1
        prefix = "model.diffusion_model."
        with safe_open(target, "pt") as file:
            state = {n.removeprefix(prefix): file.get_tensor(n) for n in file.keys() if n.startswith(prefix)}
            return folders.lora(lora, folders.unet_names(state, base), base, erased, printed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", help="of kohya-ss/sd-scripts")
    parser.add_argument("folder", help="the diffusers folder; with --base the erased one")
    parser.add_argument("single", help="the folder as a single file; with --base that of the base")
    parser.add_argument("--base", help="the folder that was erased from")
    parser.add_argument("--lora", nargs=2, metavar=("FILE", "JSON"))
    parser.add_argument("--keep", metavar="FILE", help="where the merged checkpoint shall stay")
    parser.add_argument("--v2", action="store_true", help="Stable Diffusion 2")
    args = parser.parse_args()
    if bool(args.base) != bool(args.lora):
        parser.error("--base and --lora go together")
    torch.set_num_threads(1)
    if args.base:
        wrong = merged(args.checkout, args.base, args.folder, args.single, *args.lora, args.v2, args.keep)
    else:
        wrong = whole(args.checkout, args.folder, args.single, args.v2)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
