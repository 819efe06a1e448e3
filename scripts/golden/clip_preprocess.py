"""Golden data for ClipPreprocessorTest: transformers' CLIPImageProcessor (Pillow resizing) on real pictures.

    pip install -r requirements.txt pillow==13.0.0 scikit-image==0.25.2
    python clip_preprocess.py ../../src/test/resources/golden/clip-preprocess

The pictures are cut from scikit-image's samples: chelsea (CC0, Stefan van der Walt) and astronaut (NASA, public domain).
Large outputs are kept at every seventh pixel.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import save_file
from transformers import CLIPImageProcessor

# name: picture, shortest edge, crop, step of the pixels kept
CASES = {
    "down_32": ("cat", 32, 32, 1),
    "down_48_portrait": ("astronaut", 48, 48, 1),
    "vit_b_32": ("cat", 224, 224, 7),
    "up_224": ("small", 224, 224, 7),
    "same_64": ("small", 64, 64, 1),
    "padded_40": ("cat", 24, 40, 1),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--samples", type=Path, help="folder with chelsea.png and astronaut.png, else scikit-image's")
    args = parser.parse_args()
    samples = args.samples
    if samples is None:
        import skimage
        samples = Path(skimage.__file__).parent / "data"
    cat = Image.open(samples / "chelsea.png").convert("RGB")
    man = Image.open(samples / "astronaut.png").convert("RGB")
    pictures = {"cat": cat.crop((120, 40, 361, 220)), "astronaut": man.crop((150, 0, 287, 200)),
                "small": man.crop((170, 60, 298, 188)).resize((64, 64), Image.BOX)}
    args.out.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        picture.save(args.out / f"{name}.png", optimize=True)
    tensors = {}
    for name, (picture, edge, crop, step) in CASES.items():
        processor = CLIPImageProcessor(size={"shortest_edge": edge}, crop_size={"height": crop, "width": crop})
        values = processor(pictures[picture], return_tensors="np")["pixel_values"][0]
        tensors[name] = np.ascontiguousarray(values[:, ::step, ::step].astype(np.float32))
    save_file(tensors, args.out / "pixel_values.safetensors")


if __name__ == "__main__":
    main()
