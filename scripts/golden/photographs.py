"""The photographs that the scorers are tested on.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/photographs.py

Writes src/test/resources/golden/photographs/
  astronaut.png   512 x 512, Eileen Collins, NASA, public domain (scikit-image's data)
  pair.png        360 x 224, parts of the above and of Grace Hopper, US Navy, public domain (matplotlib's sample data)
"""

import importlib.util
from pathlib import Path

from PIL import Image

OUT = Path(__file__).resolve().parents[2] / "src/test/resources/golden/photographs"


def packaged(package, path):
    """A file of an installed package, without importing the package."""
    return Path(importlib.util.find_spec(package).submodule_search_locations[0]) / path


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    astronaut = Image.open(packaged("skimage", "data/astronaut.png")).convert("RGB")
    hopper = Image.open(packaged("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")).convert("RGB")
    astronaut.save(OUT / "astronaut.png", optimize=True)
    pair = Image.new("RGB", (360, 224), (120, 140, 130))
    pair.paste(astronaut.crop((120, 10, 344, 234)).resize((200, 200), Image.BICUBIC), (0, 24))
    pair.paste(hopper.crop((100, 80, 420, 460)).resize((150, 178), Image.BICUBIC), (205, 10))
    pair.save(OUT / "pair.png", optimize=True)


if __name__ == "__main__":
    main()
