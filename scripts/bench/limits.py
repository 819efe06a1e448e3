"""What the machine itself can do, as lines of a Markdown table; for scripts/bench/beside.sh and gpu.sh.

    python limits.py FOLDER [--device cuda] [--dtypes fp32,bf16]

Products of two square matrices, copies within the memory (bytes read and written), a file of 1 GB in FOLDER written and synced. Each is
the best of several.
"""

import argparse
import os
import platform
import time
from importlib import metadata
from pathlib import Path

import torch

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
PACKAGES = ["torch", "diffusers", "transformers", "peft"]
CHUNK = 1 << 26


def best(call, device, times=5):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        if device != "cpu":
            torch.cuda.synchronize()
        found.append(time.perf_counter() - start)
    return min(found)


def product(dtype, device):
    side = 2048 if device == "cpu" else 8192
    a, b = (torch.randn(side, side).to(device, DTYPES[dtype]) for _ in range(2))
    return 2 * side**3 / best(lambda: a @ b, device, 20) / 1e9


def copy(device):
    source = torch.ones(1 << 28, device=device)  # 1 GiB
    target = torch.empty_like(source)
    return 2 * source.nbytes / best(lambda: target.copy_(source), device) / 1e9


def disk(folder):
    path, block = Path(folder, "limits.tmp"), os.urandom(CHUNK)

    def write():
        with open(path, "wb") as file:
            for _ in range(16):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    try:
        return 16 * CHUNK / best(write, "cpu", 3) / 1e9
    finally:
        path.unlink(missing_ok=True)


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "(not there)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtypes", default="fp32")
    args = parser.parse_args()
    rows = [("processor", f"{processor()}, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}")]
    if args.device != "cpu":
        rows.append(("GPU", f"{torch.cuda.get_device_name()}, {torch.cuda.get_device_properties(0).total_memory / 1e9:.0f} GB"))
    for dtype in args.dtypes.split(","):
        rows.append((f"matrix product, {dtype}", f"{product(dtype, args.device):,.0f} GFLOP/s"))
    rows.append(("memory copy", f"{copy(args.device):.1f} GB/s"))
    rows.append(("disk, written and synced", f"{disk(args.folder):.2f} GB/s"))
    rows.append(("Python", ", ".join(f"{name} {version(name)}" for name in PACKAGES)))
    print("| limit | |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
