#!/usr/bin/env python3
"""Which tensor of the original Stable Diffusion layout becomes which of diffusers', said by diffusers' converter.

    pip install -r scripts/golden/requirements.txt
    python scripts/golden/make_random_sd.py sd-random
    realera model convert sd-random --to single-file --out sd.safetensors
    python scripts/golden/single_file_keys.py sd.safetensors sd-random

and the same with `--size sd21` and sd21-random. Takes only the names and shapes from the file. Each tensor becomes a number, diffusers converts them, and the numbers
tell where each went; a name that diffusers does not know, or misses, ends the script. Writes
src/test/resources/golden/sd1-keys.txt.gz, or sd2-keys.txt.gz: `component diffusers-name original-name`, one tensor a
line; of a tensor that is stored with others, also which third of the rows it is: 0, 1 or 2.
"""

import gzip
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from safetensors import safe_open

OPEN_CLIP = "cond_stage_model.model."
OUT = Path(__file__).resolve().parents[2] / "src/test/resources/golden"


def tag(number, shape):
    """A small tensor that holds its number; of a fused tensor 1/4 more with each third of its rows."""
    thirds = torch.arange(3, dtype=torch.float64).repeat_interleave(shape[0] // 3) / 4
    return (number + thirds).reshape([-1] + [1] * (len(shape) - 1))


def main(single, folder):
    folder = Path(folder)
    configs = {
        part: json.loads((folder / part / "config.json").read_text()) for part in ("unet", "vae", "text_encoder")
    }
    with safe_open(single, "pt") as file:
        names = list(file.keys())
        shapes = [list(file.get_slice(name).get_shape()) for name in names]
    fused = [name.startswith(OPEN_CLIP) and ".in_proj_" in name for name in names]
    tags = {
        name: tag(i, shape) if fused[i] else torch.full([1] * len(shape), float(i), dtype=torch.float64)
        for i, (name, shape) in enumerate(zip(names, shapes))
    }
    second = any(fused)
    converted = {
        "unet": convert_ldm_unet_checkpoint(dict(tags), configs["unet"]),
        "vae": convert_ldm_vae_checkpoint(dict(tags), configs["vae"]),
    }
    if second:
        encoder = SimpleNamespace(config=SimpleNamespace(hidden_size=configs["text_encoder"]["hidden_size"]))
        converted["text_encoder"] = convert_open_clip_checkpoint(encoder, dict(tags), prefix=OPEN_CLIP)
    else:
        converted["text_encoder"] = convert_ldm_clip_checkpoint(
            dict(tags), remove_prefix="cond_stage_model.transformer."
        )
    lines, used = [], set()
    for part, tensors in sorted(converted.items()):
        base = "model" if part == "text_encoder" else "diffusion_pytorch_model"
        with safe_open(folder / part / (base + ".safetensors"), "pt") as file:
            wanted = {name: list(file.get_slice(name).get_shape()) for name in file.keys()}
        if set(tensors) != set(wanted):
            sys.exit(f"{part}: diffusers made {len(tensors)} tensors, the folder has {len(wanted)}")
        for name, tensor in sorted(tensors.items()):
            number = tensor.unique()
            if len(number) != 1:
                sys.exit(f"{name} holds pieces of {len(number)} parts")
            index = int(number)
            used.add(names[index])
            third = ""
            if fused[index]:
                if tensor.shape[0] != wanted[name][0]:
                    sys.exit(f"{name} has {tensor.shape[0]} rows, the folder's has {wanted[name][0]}")
                third = f" {round((float(number) - index) * 4)}"
            lines.append(f"{part} {name} {names[index]}{third}\n")
    if used != set(names):
        sys.exit(f"diffusers made nothing of {sorted(set(names) - used)[:3]}")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as out:
        out.write("".join(lines).encode())
    target = OUT / ("sd2-keys.txt.gz" if second else "sd1-keys.txt.gz")
    target.write_bytes(buffer.getvalue())
    print(f"{target.name}: {len(lines)} tensors, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
