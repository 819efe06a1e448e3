"""Pictures that OpenCV reads otherwise than Pillow, and what OpenCV makes of them: nudenet reads by cv2.imread.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/pictures.py
    python scripts/golden/opencv_pictures.py

Writes src/test/resources/corpus/opencv/
  NAME         a tiny picture, with an orientation of EXIF that one of the two might pass over
  NAME.ppm     its pixels by OpenCV: cv2.imread(NAME); also of those of corpus/pictures that Pillow reads otherwise
"""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

CORPUS = Path(__file__).resolve().parents[2] / "src/test/resources/corpus"
OUT = CORPUS / "opencv"
rng = np.random.default_rng(5)


def tiff(entries, order="<"):
    """A TIFF header with one directory of short numbers: what EXIF is."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, len(entries))
    return head + b"".join(struct.pack(order + "HHIHH", tag, 3, 1, value, 0) for tag, value in entries) + bytes(4)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(exif=b"", behind=b"", grey16=False, width=4, height=3):
    shape = (height, width) if grey16 else (height, 3 * width)
    values = rng.integers(0, 65536 if grey16 else 256, shape).astype(">u2" if grey16 else np.uint8)
    header = struct.pack(">IIBBBBB", width, height, 16 if grey16 else 8, 0 if grey16 else 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in values))
    before, after = (chunk(b"eXIf", part) if part else b"" for part in (exif, behind))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND", b"")


def segment(data):
    return b"\xff\xe1" + struct.pack(">H", 2 + len(data)) + data


def jpeg(*segments, width=11, height=7):
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (height, width, 3)).astype(np.uint8)).save(out, "JPEG", subsampling=0)
    return out.getvalue()[:2] + b"".join(map(segment, segments)) + out.getvalue()[2:]


def pictures():
    def exif(turn, order="<"):
        return b"Exif\0\0" + tiff([(0x112, turn)], order)

    for turn in range(0, 10):
        yield f"turned-{turn}.png", png(tiff([(0x112, turn)], "<>"[turn % 2]))
        yield f"turned-{turn}.jpg", jpeg(exif(turn, "><"[turn % 2]))
    whole, xmp = tiff([(0x112, 6)]), b"http://ns.adobe.com/xap/1.0/\0<x/>"
    yield "behind-the-pixels.png", png(behind=whole)
    yield "grey-16-turned.png", png(whole, grey16=True)
    yield "two-in-a-file.png", png(whole, tiff([(0x112, 3)]))
    yield "behind-other-tags.png", png(tiff([(0x100, 4), (0x101, 3), (0x112, 8), (0x128, 2)]))
    yield "twice-in-a-directory.png", png(tiff([(0x112, 8), (0x112, 3)]))
    yield "no-tiff.png", png(b"XX" + whole[2:])
    yield "mark-of-another-kind.png", png(whole[:2] + b"\x2b\0" + whole[4:])
    yield "cut-before-the-value.png", png(whole[:18])
    yield "cut-behind-the-value.png", png(whole[:20])
    yield "directory-elsewhere.png", png(whole[:4] + b"\xff\xff\xff\xff" + whole[8:])
    yield "empty-exif.png", png(b"I")
    yield "behind-xmp.jpg", jpeg(xmp, exif(6))
    yield "before-xmp.jpg", jpeg(exif(6), xmp)
    yield "two-in-a-file.jpg", jpeg(exif(6), exif(3))
    yield "without-its-name.jpg", jpeg(b"123456" + whole)


def by_opencv(file):
    out = io.BytesIO()
    Image.fromarray(cv2.imread(str(file))[:, :, ::-1]).save(out, "PPM")
    return out.getvalue()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in pictures():
        (OUT / name).write_bytes(data)
        (OUT / (name + ".ppm")).write_bytes(by_opencv(OUT / name))
    for answer in sorted((CORPUS / "pictures").glob("*.ppm")):
        pixels = by_opencv(answer.with_suffix(""))
        if pixels != answer.read_bytes():
            (OUT / answer.name).write_bytes(pixels)


if __name__ == "__main__":
    main()
