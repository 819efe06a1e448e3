"""Damages safetensors files and asks both this project's reader and that of the format's authors what they make of them.

Usage: python fuzz_safetensors.py COUNT SEED        (in the root of the repository; FUZZ_CLASSPATH: the classes, tests included)

What the authors' reader refuses must be refused; what it reads must be read, with the same names, dtypes, shapes and bytes.
Known exceptions are counted by themselves: each is stricter or wider on purpose.
"""

import collections
import hashlib
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import safetensors

SEEDS = ["every-dtype", "no-metadata", "no-tensors", "model-00001-of-00002"]
BATCH = 200  # files on their way at once; their answers fit into a pipe
FOLDER = pathlib.Path("src/test/resources/golden/safetensors")
HARD = ["null", "true", '""', "[]", "{}", "-1", "0", "1", "1.0", "2e0", "9223372036854775807", "18446744073709551615", "1e999", '"F32"', '"BF16"',
        '"F8_E4M3"', '"X"', '"', "\\u0000", "\\ud800", ",", ":", "}", "{", "[", "]", " ", "\t", "\ufeff", "\u00e9", "__metadata__", '"a":"b",', '"a":1,']


def damaged(rng, whole):
    """One mutant: bytes anywhere, or words of the header with its length made right."""
    data = bytearray(whole)
    for _ in range(1 if rng.random() < 0.5 else rng.randint(1, 4)):
        kind = rng.randrange(6)
        at = rng.randrange(len(data)) if data else 0
        if kind == 0 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            del data[at:at + rng.randint(1, 16)]
        elif kind == 3:
            data[at:at] = rng.randbytes(rng.randint(1, 16))
        else:
            data = words(rng, data)
    return bytes(data)


def words(rng, data):
    if len(data) < 8:
        return data
    length = min(struct.unpack("<Q", data[:8])[0], len(data) - 8)
    text, rest = bytes(data[8:8 + length]).decode("utf-8", "surrogateescape"), data[8 + length:]
    parts = [""]
    for c in text:  # strings, numbers and marks
        if c.isalnum() and parts[-1].isalnum():
            parts[-1] += c
        else:
            parts.append(c)
    at = rng.randrange(len(parts))
    kind = rng.randrange(5)
    if kind == 0:
        parts[at] = rng.choice(HARD)
    elif kind == 1:
        parts.insert(at, rng.choice(HARD))
    elif kind == 2:
        del parts[at:at + rng.randint(1, 8)]
    elif kind == 3:
        parts[at] = rng.choice(parts)
    elif parts[at].isdigit():
        parts[at] = str(max(0, int(parts[at]) + rng.choice([-4, -1, 1, 4, 8])))
    header = "".join(parts).encode("utf-8", "surrogateescape")
    return bytearray(struct.pack("<Q", len(header)) + header) + rest


def theirs(data):
    """None if it is refused, else a digest of all that it says."""
    try:
        found = safetensors.deserialize(data)
    except Exception:
        return None
    lines = []
    for name, tensor in sorted(found, key=lambda t: t[0].encode()):
        shape = ",".join(map(str, tensor["shape"]))
        lines.append(f"{name}|{tensor['dtype']}|{shape}|{hashlib.sha256(bytes(tensor['data'])).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def known(data, ours):
    """Why the two may differ, or None."""
    try:
        length = struct.unpack("<Q", data[:8])[0]
        text = data[8:8 + length].decode()
    except Exception:
        return None
    twice = []

    def pairs(items):
        keys = [k for k, _ in items]
        twice.extend(k for k in keys if keys.count(k) > 1)
        return dict(items)

    try:
        header = json.loads(text, object_pairs_hook=pairs)
    except ValueError:
        return None
    tensors = [t for k, t in header.items() if k != "__metadata__" and isinstance(t, dict)]
    dtypes = {"BOOL", "U8", "I32", "I64", "F16", "BF16", "F32", "F64"}
    if any(t.get("dtype") not in dtypes for t in tensors):
        return "a dtype that this project has no use for, whose tensor is passed over"
    if ours == "refused" and twice:
        return "a key that stands twice, of which the authors' reader takes the last"
    return None


def verdict(data, ours):
    their = theirs(data)
    if ours == (their or "refused"):
        return "both read it, and the same" if their else "both refuse it"
    return known(data, ours) or "FAULT: ours " + ("refuses it" if ours == "refused" else "reads it" if their is None else "reads it otherwise")


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    seeds = [(FOLDER / f"{name}.safetensors").read_bytes() for name in SEEDS]
    java = ["java", "-Xmx1g", "-cp", os.environ["FUZZ_CLASSPATH"], "org.realera.chaos.SafetensorsVerdicts"]
    totals = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen([*java, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
            for first in range(0, count, BATCH):
                batch = [damaged(rng, seeds[i % len(seeds)]) for i in range(first, min(count, first + BATCH))]
                reader.stdin.write(b"".join(struct.pack(">I", len(data)) + data for data in batch))
                reader.stdin.flush()
                for i, data in enumerate(batch, first):
                    ours = reader.stdout.readline().decode().strip()
                    why = verdict(data, ours)
                    totals[why] += 1
                    if why.startswith("FAULT"):
                        kept = pathlib.Path("target/fuzz")
                        kept.mkdir(parents=True, exist_ok=True)
                        (kept / f"safetensors-{seed}-{i}").write_bytes(data)
                        print(f"safetensors-{seed}-{i}: {ours[:150]}; header: {data[8:300]}")
            reader.stdin.close()
    for why, number in totals.most_common():
        print(f"{number:8d} {why}")
    sys.exit(any(why.startswith("FAULT") for why in totals))


if __name__ == "__main__":
    main()
