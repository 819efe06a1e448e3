"""Pictures of the README: the same seeds of some words, drawn by several models, from the run folders of `realera eval`.

    python scripts/docs/before_after.py --row "before=runs/subtypes/original" --row "erased=runs/subtypes/runs/airplane-full" \
        --words airplane biplane bird --out src/docs/pocket-erased.png

Needs Pillow (11.3.0 was used).
"""

import argparse
import pathlib

from PIL import Image, ImageDraw, ImageFont

MARGIN = 4
LABELS = 150
INK, GREY = "#1f2328", "#656d76"


def picture(run: pathlib.Path, word: str, seed: int) -> Image.Image:
    slug = word.replace(" ", "-")
    found = sorted((run / "images" / slug).glob(f"*_{seed}.png"))
    if len(found) != 1:
        raise SystemExit(f"{run}/images/{slug} has {len(found)} pictures of seed {seed}, expected 1")
    return Image.open(found[0]).convert("RGB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--row", action="append", required=True, metavar="LABEL=RUN")
    parser.add_argument("--words", nargs="+", required=True)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    rows = [row.split("=", 1) for row in args.row]

    step = args.size + MARGIN
    gap = 3 * MARGIN
    height = len(args.words) * (len(rows) * step + gap) - gap - MARGIN
    sheet = Image.new("RGB", (LABELS + args.seeds * step - MARGIN, height), "white")
    draw = ImageDraw.Draw(sheet)
    bold, plain = ImageFont.load_default(17), ImageFont.load_default(15)
    y = 0
    for word in args.words:
        for i, (label, run) in enumerate(rows):
            middle = y + args.size // 2
            if i == 0:
                draw.text((6, middle - 12), word, fill=INK, font=bold, anchor="lm")
                draw.text((6, middle + 12), label, fill=GREY, font=plain, anchor="lm")
            else:
                draw.text((6, middle), label, fill=GREY, font=plain, anchor="lm")
            for seed in range(args.seeds):
                tile = picture(pathlib.Path(run), word, seed).resize((args.size, args.size), Image.LANCZOS)
                sheet.paste(tile, (LABELS + seed * step, y))
            y += step
        y += gap
    sheet.save(args.out, optimize=True)


if __name__ == "__main__":
    main()
