"""A line of the table of scripts/bench/methods.sh from the realera.json of one run, or of a run of 2 steps and one of 12.

    python scripts/bench/method_costs.py uce uce.json
    python scripts/bench/method_costs.py esd-x esd-x-2.json esd-x-12.json 1000
"""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def seconds(manifest):
    times = manifest["timings"]
    return times["total"] - sum(times.get(stage, 0) for stage in ("open", "pictures", "write"))


def main():
    method, runs = sys.argv[1], [read(path) for path in sys.argv[2:4]]
    last = runs[-1]
    memory = last["timings"].get("peak_memory_bytes")
    whole = "-"
    if len(runs) > 1:
        step = (seconds(runs[1]) - seconds(runs[0])) / 10
        whole = f"{seconds(runs[0]) + step * (int(sys.argv[4]) - 2):.0f} (extrapolated)"
    cells = [
        method,
        "12" if len(runs) > 1 else "-",
        f"{seconds(last):.1f}",
        f"{last['timings'].get('unet_passes', 0):,}",
        f"{memory / 1e9:.2f} GB" if memory else "-",
        str(len(last["results"]["write"]["tensors"])),
        whole,
    ]
    print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
