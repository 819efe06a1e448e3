"""Where the time of a cold start to the first pocket picture goes: a Markdown table of medians. Needs Python alone.

    python scripts/bench/start.py [REPEATS]

Java logs when it loads a class, and each part begins with the first class that it needs. The log itself costs some hundredths of a second.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

REALERA = Path(__file__).resolve().parent.parent / "realera"
LINE = re.compile(r"\[(\d+)ms\]\[(\d+)ms\] (\S+)")  # since 1970, since Java's start, class

PARTS = {
    "Java starts": None,
    "command line": "org.realera.cli.Main",
    "pocket's files unpacked or checked": "org.realera.checkpoint.builtin.PocketModel",
    "the request checked, the files opened": "org.realera.checkpoint.Checkpoint",
    "libtorch loaded, from its jar or its cache": "org.realera.tensor.Engine$Started",
    "networks loaded": "org.realera.tensor.TorchScript$Held",
    "25 steps and the VAE": "org.realera.diffusion.ImageSampler",
    "the PNG, the end": "org.realera.diffusion.PngWriter",
}


def once(folder):
    """Seconds of the launcher and of each part; how many classes were loaded, and how many of them from the shared archive."""
    log = Path(folder, "classes.log")
    options = f"-Xlog:class+load:file={log}:timemillis,uptimemillis"
    command = [REALERA, "generate", "-m", "pocket", "-p", "a photo of a cat", "--steps", "25", "--device", "cpu", "--force"]
    begun = time.time()
    subprocess.run(
        [*command, "--out", Path(folder, "cat.png")], env={**os.environ, "REALERA_JAVA_OPTS": options}, check=True, capture_output=True
    )
    end = time.time()
    text = log.read_text(encoding="utf-8")
    lines = [(int(now), int(up), name) for now, up, name in LINE.findall(text)]
    start = (lines[0][0] - lines[0][1]) / 1000
    first = {}
    for now, _, name in lines:
        first.setdefault(name, now / 1000)
    missing = [name for name in PARTS.values() if name and name not in first]
    if missing:
        sys.exit(f"start.py: never loaded, so renamed or no longer needed: {', '.join(missing)}")
    marks = [begun, start, *(first[name] for name in PARTS.values() if name), end]
    seconds = [after - before for before, after in zip(marks, marks[1:])]
    return seconds, len(lines), text.count("source: shared objects file")


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        once(folder)  # builds, unpacks and archives what is not there yet
        runs = [once(folder) for _ in range(repeats)]
    print("| part | seconds |\n|---|---|")
    for index, name in enumerate(["the launcher", *PARTS]):
        print(f"| {name} | {median(run[0][index] for run in runs):.2f} |")
    print(f"| all | {median(sum(run[0]) for run in runs):.2f} |")
    print(f"\n{runs[-1][1]:,} classes, {runs[-1][2]:,} of them from the archive of the launcher")


if __name__ == "__main__":
    main()
