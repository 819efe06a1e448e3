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


def known(data, ours, their):
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


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    seeds = [(FOLDER / f"{name}.safetensors").read_bytes() for name in SEEDS]
    java = ["java", "-Xmx1g", "-cp", os.environ["FUZZ_CLASSPATH"], "org.realera.chaos.SafetensorsVerdicts"]
    totals = collections.Counter()
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen([*java, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
            for i in range(count):
                data = damaged(rng, seeds[i % len(seeds)])
                reader.stdin.write(struct.pack(">I", len(data)) + data)
                reader.stdin.flush()
                ours = reader.stdout.readline().decode().strip()
                their = theirs(data)
                same = ours == (their or "refused")
                why = "same" if same else known(data, ours, their)
                if why == "same":
                    why = "both read it, and the same" if their else "both refuse it"
                if why is None:
                    faults += 1
                    why = "FAULT"
                    kept = pathlib.Path("target/fuzz")
                    kept.mkdir(parents=True, exist_ok=True)
                    (kept / f"safetensors-{seed}-{i}").write_bytes(data)
                    if faults <= 20:
                        print(i, "ours:", ours[:150], "theirs:", "refused" if their is None else "read", data[8:300])
                totals[why] += 1
            reader.stdin.close()
    for why, number in totals.most_common():
        print(f"{number:8d} {why}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
