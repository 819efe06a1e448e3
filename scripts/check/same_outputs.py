#!/usr/bin/env python3
"""The part of same_outputs.sh that a shell cannot do; see there.

    same_outputs.py compare OLD NEW [--expect FILE] [--only GLOB]...
    same_outputs.py interrupt FILE COMMAND...     Ctrl-C for the command, once FILE exists
    same_outputs.py weights FOLDER FOLDER         whether two models have the same files of weights
"""

import argparse
import fnmatch
import json
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

PROGRESS = re.compile(r"^.*: [\d.]+/[\d.]+.* \([\d.]+ s.*\)\n", re.MULTILINE)
DURATION = re.compile(r"(?<![\w.])\d+(\.\d+)? s\b")
TIMINGS = re.compile(r'"timings"\s*:\s*\{[^{}]*\}')
SECONDS = re.compile(r'("seconds"\s*:\s*)[-+\d.eE]+')
WRITE = re.compile(r'"write"\s*:\s*\{([^{}]*)\}')
NUMBER = re.compile(r"(:\s*)[-+\d.eE]+")
RESUMED = re.compile(r"(?<=going on after step )\d+")
TEXT = {"", ".json", ".html", ".csv", ".md", ".txt", ".yaml"}  # without a suffix: stdout, stderr, code, command


def sorted_write(text):
    """realera.json's "write" is of a map without an order: its keys, sorted."""
    return WRITE.sub(lambda found: '"write" : ' + json.dumps(json.loads("{" + found.group(1) + "}"), sort_keys=True), text)


def plain(text):
    """JSON text without what no two runs agree in."""
    text = TIMINGS.sub(lambda found: NUMBER.sub(r"\1#", found.group()), text)
    return sorted_write(SECONDS.sub(r"\1#", text))


def unfolded(value):
    """Of a single file's metadata: files are strings in JSON in a string, and realera.json is one of them."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return value
    try:
        inner = json.loads(value)
    except ValueError:
        return value
    return {name: plain(text) if name == "realera.json" else text for name, text in inner.items()}


def normal_tensors(data):
    """A header's order and offsets stay; what realera.json says in the metadata becomes plain."""
    try:
        start, tensors = header(data)
    except ValueError:
        return data
    if "__metadata__" in tensors:
        tensors["__metadata__"] = {name: unfolded(value) for name, value in tensors["__metadata__"].items()}
    text = json.dumps(tensors, ensure_ascii=False).encode("utf-8", "surrogateescape")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[start:]


def normal(path):
    """A file's bytes without what no two runs agree in."""
    data = path.read_bytes()
    if path.suffix == ".safetensors":
        return normal_tensors(data)
    if path.suffix == ".html" or path.name in ("stdout", "stderr"):
        text = data.decode("utf-8", "surrogateescape")
        if path.name == "stderr":
            text = RESUMED.sub("#", PROGRESS.sub("", text))
        data = DURATION.sub("# s", text).encode("utf-8", "surrogateescape")
    if path.suffix == ".json" or path.name == "stdout":
        text = data.decode("utf-8", "surrogateescape")
        data = plain(text).encode("utf-8", "surrogateescape")
    return data


def files(folder):
    """Relative name to path, of all below a folder that are no folders."""
    return {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_symlink() or not p.is_dir()}


def header(data):
    size = int.from_bytes(data[:8], "little")
    return 8 + size, json.loads(data[8 : 8 + size])


def first_tensor(old, new):
    """Where two safetensors files part: a tensor's name, or None if the bytes say no more."""
    try:
        (start, before), (begin, after) = header(old), header(new)
    except ValueError:
        return None
    for name in sorted(set(before) | set(after)):
        if before.get(name) != after.get(name):
            return f"{name}: " + parting(before.get(name), after.get(name))
        if name != "__metadata__":
            low, high = before[name]["data_offsets"]
            if old[start + low : start + high] != new[begin + low : begin + high]:
                return f"values of {name}"
    return None


def parting(old, new):
    """Of two JSON values the first key, or the neighborhood, where they part."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(k for k in new if k not in old)]:
            if old.get(key) != new.get(key):
                return f"{key}: " + parting(old.get(key), new.get(key))
        return "the order of keys"
    old, new = str(old).encode(), str(new).encode()
    at = first_byte(old, new)
    return f"{around(old, at)} is now {around(new, at)}"


def first_byte(old, new):
    return next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))


def first_difference(name, old, new):
    """In words, where the bytes of two files part."""
    if name.endswith(".safetensors"):
        where = first_tensor(old, new)
        if where:
            return where
    at = first_byte(old, new)
    if Path(name).suffix not in TEXT:
        return f"byte {at} of {len(old)} and {len(new)}"
    line = old.count(b"\n", 0, at) + 1
    return f"line {line}: {around(old, at)} is now {around(new, at)}"


def around(data, at):
    """The line of a byte; of a long one the neighborhood."""
    begin = data.rfind(b"\n", 0, at) + 1
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    return repr(data[max(begin, at - 60) : min(end, at + 60)].decode("utf-8", "replace"))


def differences(old, new):
    """File to the first difference, of one item's two folders."""
    before, after = (files(side) if side.is_dir() else {} for side in (old, new))
    found = {}
    for name in sorted(set(before) | set(after)):
        if name not in after:
            found[name] = "is gone"
        elif name not in before:
            found[name] = "is new"
        else:
            first, second = normal(before[name]), normal(after[name])
            modes = [stat.filemode(p.lstat().st_mode) for p in (before[name], after[name])]
            if first != second:
                found[name] = first_difference(name, first, second)
            elif modes[0] != modes[1]:
                found[name] = f"mode {modes[0]} is now {modes[1]}"
    return found


def expectations(path):
    """Glob of ITEM/FILE to reason."""
    if path is None:
        return {}
    lines = (line.strip() for line in Path(path).read_text("utf-8").splitlines())
    pairs = (line.split(None, 1) for line in lines if line and not line.startswith("#"))
    expected = {}
    for pair in pairs:
        if len(pair) < 2:
            sys.exit(f"{path}: {pair[0]} has no reason")
        expected[pair[0]] = pair[1]
    return expected


def items(folder):
    """Names of an item each; the interrupted run is none: nobody knows how far it came. The cache is one."""
    return {p.name for p in folder.iterdir() if p.is_dir() and p.name != "interrupted"}


def compare(args):
    old, new = Path(args.old), Path(args.new)
    expected, used = expectations(args.expect), set()
    names = [n for n in sorted(items(old) | items(new)) if not args.only or any(fnmatch.fnmatch(n, g) for g in args.only)]
    counts = {"same": 0, "expected": 0, "DIFFERENT": 0}
    for name in names:
        lines, open_ends = [], False
        for file, where in differences(old / name, new / name).items():
            glob = next((g for g in expected if fnmatch.fnmatchcase(f"{name}/{file}", g)), None)
            used.add(glob)
            open_ends |= glob is None
            lines.append(f"    {file}: {where}" + (f"  [expected: {expected[glob]}]" if glob else ""))
        verdict = "DIFFERENT" if open_ends else "expected" if lines else "same"
        counts[verdict] += 1
        print(f"{verdict:9}  {name}")
        print("".join(line + "\n" for line in lines[: args.lines]), end="")
        if len(lines) > args.lines:
            print(f"    and {len(lines) - args.lines} files more")
    for glob in expected:
        if glob not in used:
            print(f"not seen: {glob} {expected[glob]}")
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    if not names:
        sys.exit("nothing was compared")
    return 1 if counts["DIFFERENT"] else 0


def interrupt(args):
    def hears():  # a job in the background of a shell does not
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    started = subprocess.Popen(args.command, stdin=subprocess.DEVNULL, preexec_fn=hears)
    while started.poll() is None and not Path(args.file).exists():
        time.sleep(0.02)
    if started.poll() is None:
        started.send_signal(signal.SIGINT)
    code = started.wait()
    if code != 130:
        print(f"ended with {code} instead of 130", file=sys.stderr)
    return 0 if code == 130 else 1


def weights(args):
    old, new = (files(Path(side)) for side in (args.old, args.new))
    for name in sorted(n for n in set(old) | set(new) if n.endswith(".safetensors")):
        equal = name in old and name in new and old[name].read_bytes() == new[name].read_bytes()
        print(f"{'same' if equal else 'DIFFERENT'}  {name}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    sub = commands.add_parser("compare")
    sub.add_argument("old")
    sub.add_argument("new")
    sub.add_argument("--expect")
    sub.add_argument("--only", action="append", default=[])
    sub.add_argument("--lines", type=int, default=6, help="files named of an item")
    sub.set_defaults(run=compare)
    sub = commands.add_parser("interrupt")
    sub.add_argument("file")
    sub.add_argument("command", nargs=argparse.REMAINDER)
    sub.set_defaults(run=interrupt)
    sub = commands.add_parser("weights")
    sub.add_argument("old")
    sub.add_argument("new")
    sub.set_defaults(run=weights)
    args = parser.parse_args()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
