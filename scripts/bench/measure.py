"""Runs one command and notes what it took; for scripts/bench/beside.sh and gpu.sh. Needs Python alone.

    python measure.py run   CSV WHAT WHO [--lines PREFIX] [--fresh PATH] [--limit S] [--gpu] -- COMMAND...
    python measure.py note  CSV WHAT WHO "not measured: ..."
    python measure.py forget CSV WHAT                                drops what an earlier run noted of it
    python measure.py table CSV                                      the Markdown table of what was noted

Seconds are those of the whole process. With --lines they are what it printed itself, on lines "PREFIX ... 1.234 s": the median of
all but the first, which warms up. Peak memory is the process's own, that of a GPU what nvidia-smi showed more than before.
"""

import argparse
import csv
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

FIELDS = ["what", "who", "seconds", "cpu_seconds", "peak_bytes", "gpu_bytes", "note"]
OURS = "realera"


class GpuMemory(threading.Thread):
    """Asks nvidia-smi five times a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.before = self.used()
        self.peak, self.over = self.before, threading.Event()

    @staticmethod
    def used():
        command = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
        return sum(int(n) for n in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()) << 20

    def run(self):
        while not self.over.wait(0.2):
            self.peak = max(self.peak, self.used())

    def stop(self):
        self.over.set()
        self.join()
        return self.peak - self.before


def append(path, **values):
    new = not Path(path).exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        if new:
            writer.writeheader()
        writer.writerow(values)


def printed(output, prefix):
    lines = [line.split() for line in output.splitlines() if line.startswith(prefix)]
    seconds = [float(words[-2]) for words in lines]
    if len(seconds) < 2:
        raise ValueError(f"no second line that begins with {prefix!r}")
    return median(seconds[1:])


def measured(args, output):
    gpu = GpuMemory() if args.gpu and shutil.which("nvidia-smi") else None
    if gpu:
        gpu.start()
    start = time.monotonic()
    process = subprocess.Popen(
        args.command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=os.setpgrp
    )
    end = functools.partial(os.killpg, process.pid, signal.SIGKILL)  # and what it started
    timer = threading.Timer(args.limit, end)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:  # Ctrl-C, or SIGTERM
        end()
        raise
    finally:
        timer.cancel()
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    found = dict(seconds=seconds, cpu_seconds=usage.ru_utime + usage.ru_stime, peak_bytes=usage.ru_maxrss * 1024)
    if gpu:
        found["gpu_bytes"] = gpu.stop()
    return process.returncode, found


def run(args):
    for path in args.fresh:
        shutil.rmtree(path, ignore_errors=True)
    os.sync()  # what was written before is not written out during this one
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        code, found = measured(args, output)
        output.seek(0)
        text = output.read()
    note = ""
    if code:
        last = (text.strip().splitlines() or ["it said nothing"])[-1].strip()[:160]
        note = f"failed: stopped after {args.limit:.0f} s" if found["seconds"] >= args.limit else f"failed ({code}): {last}"
    elif args.lines:
        try:
            found["seconds"] = printed(text, args.lines)
        except (ValueError, IndexError) as e:
            note = f"failed: {e}"
    if note:
        print(f"{args.what}, {args.who}: {note}\n{text[-4000:]}", file=sys.stderr)
        append(args.csv, what=args.what, who=args.who, note=note)
        return 1
    print(f"{args.what}, {args.who}: {found['seconds']:.3f} s, {found['cpu_seconds']:.1f} s of computing, {found['peak_bytes'] / 1e9:.2f} GB")
    append(args.csv, what=args.what, who=args.who, **{k: f"{v:.3f}" if isinstance(v, float) else v for k, v in found.items()})
    return 0


def summary(rows):
    """Seconds as text and number, peak memory as text; a note in their place."""
    times = [float(r["seconds"]) for r in rows if r["seconds"]]
    if not times:
        return rows[-1]["note"] if rows else "-", None, "-"
    middle = median(times)
    spread = f" ({min(times):.2f} to {max(times):.2f})" if len(times) > 1 else ""
    gpu = max((int(r["gpu_bytes"]) for r in rows if r["gpu_bytes"]), default=0)
    peak = gpu or max(int(r["peak_bytes"]) for r in rows if r["peak_bytes"])
    return f"{middle:.2f} s{spread}", middle, f"{peak / 1e9:.2f} GB"


def table(args):
    with open(args.csv, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    print("| what | realera | peer | seconds / peer's | peak memory | peer's |\n|---|---|---|---|---|---|")
    for what in dict.fromkeys(r["what"] for r in rows):
        of = {}
        for row in rows:
            if row["what"] == what:
                of.setdefault(row["who"], []).append(row)
        text, ours, memory = summary(of.pop(OURS, []))
        for who, times in of.items() or [("", [])]:
            peer, theirs, peers = summary(times)
            ratio = f"{ours / theirs:.2f}" if ours and theirs else "-"
            print(f"| {what} | {text} | {who + ' ' if who else ''}{peer} | {ratio} | {memory} | {peers} |")
    return 0


def note(args):
    print(f"{args.what}, {args.who}: {args.note}")
    append(args.csv, what=args.what, who=args.who, note=args.note)
    return 0


def forget(args):
    if Path(args.csv).exists():
        with open(args.csv, newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["what"] != args.what]
        Path(args.csv).unlink()
        for row in rows:
            append(args.csv, **row)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    commands = parser.add_subparsers(required=True)
    for action in (run, note, forget, table):
        command = commands.add_parser(action.__name__)
        command.set_defaults(action=action)
        command.add_argument("csv")
        if action is not table:
            command.add_argument("what")
        if action in (run, note):
            command.add_argument("who")
        if action is note:
            command.add_argument("note")
        if action is run:
            command.add_argument("--lines")
            command.add_argument("--fresh", action="append", default=[])
            command.add_argument("--limit", type=float, default=7200)
            command.add_argument("--gpu", action="store_true")
            command.set_defaults(command=words[split + 1 :])
    args = parser.parse_args(words[:split])
    return args.action(args)


if __name__ == "__main__":
    sys.exit(main())
