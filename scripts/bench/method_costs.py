"""A line of the table of scripts/bench/methods.sh, from the files that it left.

    python scripts/bench/method_costs.py OUT METHOD

A closed form has OUT/METHOD.json, the realera.json of its run. A trained method has METHOD-2.json and METHOD-12.json of two runs, what
--dry-run said of them (.txt) and of the whole recipe (METHOD.txt), and forward.txt with the seconds of passes without gradients.
"""

import json
import re
import statistics
import sys
from pathlib import Path


def seconds(manifest):
    """All but reading, the report's pictures and writing."""
    times = manifest["timings"]
    return times["total"] - sum(times.get(stage, 0) for stage in ("open", "pictures", "write"))


def passes(plan):
    """(without, with gradients), as the plan tells them."""
    found = re.search(r"about ([\d,]+) passes of a latent through the U-Net, and ([\d,]+) with", plan)
    return tuple(int(n.replace(",", "")) for n in found.groups())


def forward(text):
    """Median seconds of a pass without gradients, the first one left out: it reads the weights."""
    times = [float(n) for n in re.findall(r"^forward .*?([\d.]+) s$", text, re.MULTILINE)]
    return statistics.median(times[1:])


def main():
    out, method = Path(sys.argv[1]), sys.argv[2]
    read = lambda name: (out / name).read_text(encoding="utf-8")
    trained = (out / f"{method}-12.json").exists()
    last = json.loads(read(f"{method}-12.json" if trained else f"{method}.json"))
    measured, took, each, whole, hours = "all of it", f"{seconds(last):.1f}", "", "", ""
    if trained:
        first = json.loads(read(f"{method}-2.json"))
        # what lies between 2 steps and 12: passes as counted, those with gradients as planned
        ran = last["timings"]["unet_passes"] - first["timings"]["unet_passes"]
        back = passes(read(f"{method}-12.txt"))[1] - passes(read(f"{method}-2.txt"))[1]
        ten = seconds(last) - seconds(first)
        one = forward(read("forward.txt"))
        gradient = (ten - (ran - back) * one) / back
        plain, graded = passes(read(f"{method}.txt"))
        measured, took, each = f"10 steps of {ran / 10:g} passes", f"{ten:.1f}", f"{gradient:.1f}"
        whole = f"{plain:,} + {graded:,}"
        hours = f"{(plain * one + graded * gradient) / 3600:.1f} (extrapolated)"
    memory = last["timings"].get("peak_memory_bytes")
    tensors = len(last["results"]["write"]["tensors"])
    cells = [method, measured, took, each, f"{memory / 1e9:.2f} GB" if memory else "", str(tensors), whole, hours]
    print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
