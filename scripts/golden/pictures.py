"""Pictures of every kind, and what Pillow makes of them.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/pictures.py

Writes src/test/resources/corpus/pictures/
  NAME         a tiny picture
  NAME.ppm     its pixels by Pillow: Image.open(NAME).convert("RGB")
  NAME.error   or, in its place, words of the error that it must give

A picture from elsewhere joins the test when it is put there: without an answer beside it this script adds NAME.ppm.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

OUT = Path(__file__).resolve().parents[2] / "src/test/resources/corpus/pictures"
W, H = 13, 11
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CUT = "is no whole picture"
rng = np.random.default_rng(11)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paeth(a, b, c):
    return min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]


def filtered(rows, pixel):
    """Each row with another of the five filters."""
    out, above = b"", bytes(len(rows[0]))
    for y, row in enumerate(rows):
        kind = y % 5
        line = []
        for i, byte in enumerate(row):
            left, corner = (row[i - pixel], above[i - pixel]) if i >= pixel else (0, 0)
            guess = [0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner)][kind]
            line.append((byte - guess) & 255)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def packed(values, bits):
    """[h, w, channels] numbers to the bytes of each row."""
    rows = values.reshape(len(values), -1)
    if bits == 16:
        return [row.astype(">u2").tobytes() for row in rows]
    if bits == 8:
        return [row.astype(np.uint8).tobytes() for row in rows]
    ones = (rows[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    return [np.packbits(row.reshape(-1).astype(np.uint8)).tobytes() for row in ones]


def png(color, bits, before=b"", interlaced=False, values=None, width=W, height=H, data=None, parts=1, after=b""):
    if values is None and data is None:
        values = rng.integers(0, 1 << bits, (height, width, CHANNELS[color]))
    if data is None:
        pixel = max(1, bits * CHANNELS[color] // 8)
        passes = [values[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [values]
        data = b"".join(filtered(packed(one, bits), pixel) for one in passes if one.size)
    stream = zlib.compress(data)
    step = -(-len(stream) // parts)
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced))
    idat = b"".join(chunk(b"IDAT", stream[i : i + step]) for i in range(0, len(stream), step))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + idat + after + chunk(b"IEND", b"")


def palette(colors):
    return chunk(b"PLTE", rng.integers(0, 256, 3 * colors).astype(np.uint8).tobytes())


def saved(picture, kind, **how):
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def scene(width=W, height=H):
    """Edges in color, where the ways to enlarge chroma differ."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.arange(width) * 255 // max(1, width - 1)
    pixels[..., 1] = (np.arange(height) * 255 // max(1, height - 1))[:, None]
    pixels[height // 3 : height // 2, width // 4 :] = [250, 10, 10]
    pixels[height // 2 :, : width // 2] = rng.integers(0, 256, (height - height // 2, width // 2, 3))
    return Image.fromarray(pixels)


def segments(jpeg, kind):
    """Where the segments of a marker begin."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        if jpeg[at + 1] == kind:
            found.append(at)
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


def without(jpeg, kind):
    for at in reversed(segments(jpeg, kind)):
        jpeg = jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0] :]
    return jpeg


def adobe(jpeg, transform):
    """The same data under an Adobe marker in place of JFIF's."""
    plain = without(without(jpeg, 0xE0), 0xEE)
    return plain[:2] + b"\xff\xee\x00\x0eAdobe" + struct.pack(">HHHB", 100, 0, 0, transform) + plain[2:]


def turned(jpeg):
    """4:2:2 as 4:4:0: the same blocks in as many units, twice as high in place of twice as wide."""
    (at,) = segments(jpeg, 0xC0)
    height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
    assert jpeg[at + 11] == 0x21
    out = bytearray(jpeg)
    out[at + 5 : at + 9] = struct.pack(">HH", width, height)
    out[at + 11] = 0x12
    return bytes(out)


def pngs():
    grey16 = rng.integers(0, 65536, (H, W, 1))
    grey16[0, :5, 0] = [0, 1, 255, 256, 65535]
    alpha = chunk(b"tRNS", bytes([0, 128, 255, 3]))
    color = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"cHRM", struct.pack(">8I", *[31270] * 8))
    yield from {
        "grey-1.png": png(0, 1),
        "grey-2.png": png(0, 2),
        "grey-4.png": png(0, 4),
        "grey-8.png": png(0, 8),
        "grey-16.png": png(0, 16, values=grey16),
        "grey-8-gamma.png": png(0, 8, color),
        "grey-8-transparent.png": png(0, 8, chunk(b"tRNS", b"\0\7"), values=rng.integers(0, 12, (H, W, 1))),
        "grey-alpha-8.png": png(4, 8),
        "grey-alpha-16.png": png(4, 16),
        "rgb-8.png": png(2, 8),
        "rgb-8-profile.png": png(2, 8, chunk(b"iCCP", b"p\0\0" + zlib.compress(profile()))),
        "rgb-8-transparent.png": png(2, 8, chunk(b"tRNS", b"\0\1\0\2\0\3")),
        "rgb-16.png": png(2, 16),
        "rgba-8.png": png(6, 8),
        "rgba-16.png": png(6, 16),
        "palette-1.png": png(3, 1, palette(2)),
        "palette-2.png": png(3, 2, palette(4)),
        "palette-4.png": png(3, 4, palette(16)),
        "palette-8.png": png(3, 8, palette(256)),
        "palette-8-transparent.png": png(3, 8, palette(256) + alpha, values=rng.integers(0, 6, (H, W, 1))),
        "palette-8-short.png": png(3, 8, palette(100)),
        "interlaced-grey-1.png": png(0, 1, interlaced=True),
        "interlaced-palette-4.png": png(3, 4, palette(16), interlaced=True),
        "interlaced-rgb-8.png": png(2, 8, interlaced=True),
        "interlaced-rgba-16.png": png(6, 16, interlaced=True),
        "interlaced-one-pixel.png": png(2, 8, interlaced=True, width=1, height=1),
        "in-parts.png": png(2, 8, parts=7),
        "bytes-after-the-end.png": png(2, 8) + b"and more" * 3,
        "more-data-than-pixels.png": png(0, 8, data=b"\0" * (H * (W + 1)) + b"more" * 5),
        "orientation.png": png(2, 8, after=chunk(b"eXIf", turning().tobytes()[6:])),
        "jpeg-inside.png": saved(scene(), "JPEG"),
    }.items()
    frames = [scene() for _ in range(3)]
    yield "animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    yield "animated-behind-a-still.png", saved(
        frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True
    )


def turning():
    exif = Image.Exif()
    exif[0x112] = 6
    return exif


def profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def jpegs():
    picture = scene()
    plain = saved(picture, "JPEG", subsampling=0)
    rgb = saved(picture, "JPEG", keep_rgb=True)
    cmyk = saved(picture.convert("CMYK"), "JPEG")
    inks = Image.fromarray(rng.integers(0, 256, (H, W, 4)).astype(np.uint8), "CMYK")
    yield from {
        "grey.jpg": saved(picture.convert("L"), "JPEG"),
        "grey-progressive.jpg": saved(picture.convert("L"), "JPEG", progressive=True),
        "ycc-444.jpg": plain,
        "ycc-422.jpg": saved(picture, "JPEG", subsampling=1),
        "ycc-420.jpg": saved(picture, "JPEG", subsampling=2),
        "ycc-420-large.jpg": saved(scene(37, 35), "JPEG", subsampling=2),
        "ycc-420-narrow.jpg": saved(scene(4, 5), "JPEG", subsampling=2),
        "ycc-422-narrow.jpg": saved(scene(3, 5), "JPEG", subsampling=1),
        "ycc-411.jpg": stretched(saved(scene(30, 14), "JPEG", subsampling=2)),
        "ycc-440.jpg": turned(saved(scene(16, 8), "JPEG", subsampling=1)),
        "ycc-440-large.jpg": turned(saved(scene(37, 22), "JPEG", subsampling=1)),
        "progressive.jpg": saved(picture, "JPEG", progressive=True, subsampling=2),
        "restarts.jpg": saved(scene(37, 35), "JPEG", subsampling=2, restart_marker_blocks=1),
        "rgb-by-letters.jpg": rgb,
        "rgb-by-adobe.jpg": adobe(plain, 0),
        "ycc-by-adobe.jpg": adobe(rgb, 1),
        "ycc-without-markers.jpg": without(plain, 0xE0),
        "jfif-beside-adobe.jpg": plain[:2] + adobe(plain, 0)[2:18] + plain[2:],
        "cmyk.jpg": cmyk,
        "cmyk-noise.jpg": saved(inks, "JPEG"),
        "cmyk-without-adobe.jpg": without(saved(inks, "JPEG"), 0xEE),
        "ycck.jpg": adobe(saved(inks, "JPEG"), 2),
        "orientation.jpg": saved(picture, "JPEG", exif=turning()),
        "profile.jpg": saved(picture, "JPEG", icc_profile=profile()),
        "bytes-after-the-end.jpg": plain + b"and more\xff\xd8" * 3,
        "png-inside.jpg": png(0, 8),
        "picture.jfif": plain,
    }.items()


def stretched(jpeg):
    """4:2:0 as 4:1:1: four blocks of light in a row in place of two by two."""
    (at,) = segments(jpeg, 0xC0)
    out = bytearray(jpeg)
    assert out[at + 11] == 0x22
    out[at + 11] = 0x41
    out[at + 5 : at + 9] = struct.pack(">HH", 7, 60)
    return bytes(out)


def refused():
    picture = scene(37, 35)
    jpeg = saved(picture, "JPEG", subsampling=2)
    half = jpeg[: len(jpeg) * 3 // 4]
    whole = png(2, 8)
    broken = bytearray(whole)
    broken[60] ^= 16
    (frame,) = segments(jpeg, 0xC0)
    huge = bytearray(jpeg)
    huge[frame + 5 : frame + 9] = struct.pack(">HH", 65000, 65000)
    large = bytearray(jpeg)
    large[frame + 5 : frame + 9] = struct.pack(">HH", 9000, 9000)
    yield from {
        "cut.jpg": (half, CUT),
        "cut-before-the-end-marker.jpg": (jpeg[:-2], CUT),
        "cut-in-the-end-marker.jpg": (jpeg[:-1], CUT),
        "cut-with-an-end-marker.jpg": (half + b"\xff\xd9", CUT),
        "cut-in-the-header.jpg": (jpeg[: frame + 6], CUT),
        "no-scan.jpg": (jpeg[:frame] + b"\xff\xd9", CUT),
        "huge.jpg": (bytes(huge), "claims 65000 x 65000 pixels; at most 178956970 are read"),
        "large-without-data.jpg": (bytes(large), CUT),
        "arithmetic.jpg": (jpeg[: frame + 1] + b"\xc9" + jpeg[frame + 2 :], "arithmetic coding"),
        "cut.png": (whole[:-20], CUT),
        "cut-before-the-end.png": (whole[:-12], CUT),
        "wrong-checksum.png": (bytes(broken), CUT),
        "too-few-rows.png": (png(0, 8, data=bytes((H - 1) * (W + 1))), CUT),
        "no-such-filter.png": (png(0, 8, data=b"\5" * (H * (W + 1))), CUT),
        "no-palette.png": (png(3, 8), CUT),
        "no-data.png": (png(0, 8, data=b"").replace(b"IDAT", b"ITAD"), CUT),
        "no-width.png": (png(0, 8, data=b"", width=0), CUT),
        "no-such-kind.png": (png(0, 3, data=b""), "is a PNG of an unknown kind, which is not read"),
        "huge.png": (
            png(2, 8, data=b"", width=60000, height=60000),
            "claims 60000 x 60000 pixels; at most 178956970 are read",
        ),
        "large-without-data.png": (png(2, 8, data=bytes(10**5), width=13000, height=13000), CUT),
        "webp-inside.png": (saved(picture, "WEBP"), "is a WebP picture, which is not read"),
        "gif-inside.png": (saved(scene(), "GIF"), "is a GIF picture, which is not read"),
        "bmp-inside.jpg": (saved(scene(), "BMP"), "is a BMP picture, which is not read"),
        "tiff-inside.jpg": (saved(scene(), "TIFF"), "is a TIFF picture, which is not read"),
        "avif-inside.png": (saved(scene(), "AVIF"), "is an AVIF picture, which is not read"),
        "empty.png": (b"", CUT),
        "text.png": (b"no picture", CUT),
    }.items()


OUT.mkdir(parents=True, exist_ok=True)
for name, data in [*pngs(), *jpegs()]:
    (OUT / name).write_bytes(data)
    (OUT / (name + ".ppm")).unlink(missing_ok=True)
for name, (data, words) in refused():
    (OUT / name).write_bytes(data)
    (OUT / (name + ".error")).write_text(words + "\n")
for file in sorted(OUT.iterdir()):
    answers = [file.with_name(file.name + suffix) for suffix in (".ppm", ".error")]
    if file.suffix not in (".ppm", ".error") and not any(one.exists() for one in answers):
        answers[0].write_bytes(saved(Image.open(file).convert("RGB"), "PPM"))
