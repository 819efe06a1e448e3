#!/usr/bin/env python3
"""Writes small files with the reference implementation of safetensors, for the reader's and writer's tests.

    python safetensors_files.py src/test/resources/golden/safetensors

Element i of a tensor is i for integers, i is odd for booleans, and (i - 3) / 4 for floats. Package versions:
requirements.txt beside this file.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

TYPES = {
    "bool": torch.bool,
    "u8": torch.uint8,
    "i32": torch.int32,
    "i64": torch.int64,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "f32": torch.float32,
    "f64": torch.float64,
}


def values(dtype: torch.dtype, *shape: int) -> torch.Tensor:
    count = torch.arange(torch.Size(shape).numel())
    if dtype == torch.bool:
        count = count % 2 == 1
    elif dtype.is_floating_point:
        count = (count - 3) / 4
    return count.to(dtype).reshape(shape)


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    every = {f"every.{name}": values(dtype, 3, 5) for name, dtype in TYPES.items()}
    every |= {"scalar": values(torch.float32), "empty": values(torch.float32, 0, 4), "größe/重み 🎨": values(torch.float32, 2)}
    save_file(every, out / "every-dtype.safetensors", metadata={"format": "pt", "notiz": "überall"})
    save_file({"x": values(torch.float32, 2, 3)}, out / "no-metadata.safetensors")
    save_file({}, out / "no-tensors.safetensors")

    shards = {"model-00001-of-00002.safetensors": ["a", "b"], "model-00002-of-00002.safetensors": ["c"]}
    for file, names in shards.items():
        save_file({n: values(torch.float32, 2, 3) + ord(n) for n in names}, out / file, metadata={"format": "pt"})
    index = {"metadata": {"total_size": 72}, "weight_map": {n: f for f, names in shards.items() for n in names}}
    (out / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    for file in out.iterdir():
        file.chmod(0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
