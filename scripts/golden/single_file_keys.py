#!/usr/bin/env python3
"""Which tensor of the original Stable Diffusion layout becomes which of diffusers', said by diffusers' converter.

    pip install -r scripts/golden/requirements.txt
    python scripts/golden/make_random_sd.py sd-random
    realera model convert sd-random --to single-file --out sd.safetensors
    python scripts/golden/single_file_keys.py sd.safetensors sd-random

Takes only the names and shapes from the file. Each tensor becomes a number, diffusers converts them, and the numbers
tell where each went; a name that diffusers does not know, or misses, ends the script. Writes
src/test/resources/golden/sd1-keys.txt.gz: `component diffusers-name original-name`, one tensor a line.
"""

import gzip
import io
import json
import sys
from pathlib import Path

import torch
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
)
from safetensors import safe_open

OUT = Path(__file__).resolve().parents[2] / "src/test/resources/golden/sd1-keys.txt.gz"


def main(single, folder):
    folder = Path(folder)
    configs = {part: json.loads((folder / part / "config.json").read_text()) for part in ("unet", "vae")}
    with safe_open(single, "pt") as file:
        names = list(file.keys())
        tags = {
            name: torch.full([1] * len(file.get_slice(name).get_shape()), float(i)) for i, name in enumerate(names)
        }
    converted = {
        "text_encoder": convert_ldm_clip_checkpoint(dict(tags), remove_prefix="cond_stage_model.transformer."),
        "unet": convert_ldm_unet_checkpoint(dict(tags), configs["unet"]),
        "vae": convert_ldm_vae_checkpoint(dict(tags), configs["vae"]),
    }
    lines, used = [], set()
    for part, tensors in sorted(converted.items()):
        base = "model" if part == "text_encoder" else "diffusion_pytorch_model"
        with safe_open(folder / part / (base + ".safetensors"), "pt") as file:
            wanted = set(file.keys())
        if set(tensors) != wanted:
            sys.exit(f"{part}: diffusers made {len(tensors)} tensors, the folder has {len(wanted)}")
        for name, tag in sorted(tensors.items()):
            original = names[int(tag.flatten()[0])]
            used.add(original)
            lines.append(f"{part} {name} {original}\n")
    if used != set(names):
        sys.exit(f"diffusers made nothing of {sorted(set(names) - used)[:3]}")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as out:
        out.write("".join(lines).encode())
    OUT.write_bytes(buffer.getvalue())
    print(f"{len(lines)} tensors, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
