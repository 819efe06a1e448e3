"""Composes 64 x 64 pictures with captions: an icon on a drawn scene, or a scene alone."""

import argparse
import os
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import world

SIZE = 64
DRAW = 128  # scenes are drawn at twice the size and reduced


@dataclass
class Caption:
    """What a caption says: `word` is the concept (a scene word in a pure scene), the rest may be None."""
    text: str
    word: str
    scene: str | None = None
    color: str | None = None
    style: str | None = None


@dataclass
class Sample:
    image: np.ndarray  # [64, 64, 3] uint8
    word: str
    label: str  # class, other concept or scene
    scene: str
    captions: list = field(default_factory=list)


def _gradient(top, bottom):
    t = np.linspace(0, 1, DRAW)[:, None, None]
    return Image.fromarray(np.broadcast_to(np.array(top) * (1 - t) + np.array(bottom) * t, (DRAW, DRAW, 3))
                           .clip(0, 255).astype(np.uint8).copy())


def _speckle(rng, picture, colors, count, size, y_from=0):
    draw = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = rng.uniform(0, DRAW), rng.uniform(y_from, DRAW)
        w, h = size[0] * rng.uniform(.5, 1.5), size[1] * rng.uniform(.5, 1.5)
        draw.ellipse([x - w, y - h, x + w, y + h], fill=tuple(int(c) for c in colors[rng.integers(len(colors))]))


def _waves(rng, picture, color, y_from, step, amplitude):
    draw = ImageDraw.Draw(picture)
    for y in np.arange(y_from, DRAW + step, step):
        phase, length = rng.uniform(0, 6.3), rng.uniform(4, 7)
        xs = np.arange(-2, DRAW + 3, 2)
        draw.line([(x, y + amplitude * np.sin(x / length + phase)) for x in xs], fill=color, width=2)


def _ridge(rng, picture, color, level, amplitude):
    xs = np.arange(0, DRAW + 1, 2)
    a, b, c, d = rng.uniform(0, 6.3), rng.uniform(18, 34), rng.uniform(0, 6.3), rng.uniform(9, 16)
    ys = level + amplitude * np.sin(xs / b + a) + amplitude * .4 * np.sin(xs / d + c)
    ImageDraw.Draw(picture).polygon([*zip(xs, ys), (DRAW, DRAW), (0, DRAW)], fill=tuple(int(v) for v in color))


def draw_scene(name, rng):
    """A scene without objects, [64, 64, 3] uint8."""
    j = rng.uniform(-14, 14, 3)
    day = _gradient(np.array([95, 170, 240]) + j, np.array([190, 228, 252]) + j)
    horizon = rng.uniform(.3, .5) * DRAW
    if name == "sky":
        p = day
        cloud = Image.new("L", (DRAW, DRAW))
        draw = ImageDraw.Draw(cloud)
        for _ in range(rng.integers(1, 4)):
            x, y, s = rng.uniform(0, DRAW), rng.uniform(8, DRAW - 8), rng.uniform(8, 16)
            for k in range(5):
                dx, r = (k - 2) * s * .75, s * rng.uniform(.5, .9) * (1.25 - .28 * abs(k - 2))
                draw.ellipse([x + dx - r, y - r * .8, x + dx + r, y + r * .6], fill=int(rng.uniform(190, 245)))
        p.paste((255, 255, 255), mask=cloud.filter(ImageFilter.GaussianBlur(2)))
    elif name == "night":
        p = _gradient(np.array([10, 14, 48]) + j * .5, np.array([38, 40, 96]) + j * .5)
        _speckle(rng, p, [(255, 255, 255), (255, 250, 200)], rng.integers(12, 26), (1.4, 1.4))
    elif name == "sunset":
        p = _gradient(np.array([120, 80, 160]) + j, np.array([255, 165, 80]) + j)
        _ridge(rng, p, np.array([70, 45, 80]) + j * .5, DRAW * rng.uniform(.8, .92), 4)
    elif name == "sea":
        p = day
        _ridge(rng, p, np.array([25, 110, 185]) + j, horizon, 0)
        _waves(rng, p, tuple(int(v) for v in np.array([110, 185, 230]) + j), horizon + 9, 13, 2.5)
    elif name == "ground":
        p = day if rng.random() < .4 else _gradient(np.array([165, 115, 70]) + j, np.array([140, 95, 55]) + j)
        if p is day:
            _ridge(rng, p, np.array([150, 102, 60]) + j, horizon, 2)
        _speckle(rng, p, [np.array([112, 72, 38]) + j, np.array([182, 136, 92]) + j], 26, (3.4, 2.2), horizon + 8)
    elif name == "grass":
        p = day
        _ridge(rng, p, np.array([105, 185, 75]) + j, horizon, 4)
        draw = ImageDraw.Draw(p)
        for _ in range(60):
            x, y = rng.uniform(0, DRAW), rng.uniform(horizon + 10, DRAW)
            draw.line([x, y, x + rng.uniform(-3, 3), y - 7], fill=tuple(int(v) for v in np.array([70, 145, 50]) + j), width=2)
    elif name == "road":
        p = day
        _ridge(rng, p, np.array([120, 175, 90]) + j, horizon, 2)
        draw, top = ImageDraw.Draw(p), horizon + rng.uniform(4, 14)
        draw.rectangle([0, top, DRAW, DRAW], fill=tuple(int(v) for v in np.array([98, 98, 106]) + j.mean()))
        y, off = (top + DRAW) / 2 + rng.uniform(-4, 12), rng.uniform(0, 40)
        for x in np.arange(-off, DRAW, 40):
            draw.rectangle([x, y, x + 22, y + 4], fill=(245, 240, 215))
    elif name == "snow":
        p = _gradient(np.array([165, 190, 220]) + j, np.array([215, 228, 242]) + j)
        _ridge(rng, p, np.array([243, 247, 253]), horizon + 8, 5)
        _speckle(rng, p, [(255, 255, 255)], 34, (1.9, 1.9))
    elif name == "desert":
        p = _gradient(np.array([130, 195, 240]) + j, np.array([250, 228, 180]) + j)
        _ridge(rng, p, np.array([240, 200, 120]) + j, horizon, 8)
        _ridge(rng, p, np.array([222, 176, 95]) + j, horizon + 28, 7)
    elif name == "forest":
        p = _gradient(np.array([150, 205, 150]) + j, np.array([70, 120, 60]) + j)
        draw = ImageDraw.Draw(p)
        for x in np.arange(rng.uniform(-6, 6), DRAW, 19):
            x, base = x + rng.uniform(-4, 4), DRAW * rng.uniform(.62, .8)
            draw.rectangle([x - 3, base - 10, x + 3, base + 10], fill=(95, 65, 40))
            green = tuple(int(v) for v in np.array([35, 100, 50]) + rng.uniform(-15, 25, 3))
            draw.polygon([(x, base - rng.uniform(58, 76)), (x - 14, base), (x + 14, base)], fill=green)
        _ridge(rng, p, np.array([80, 130, 60]) + j, DRAW * .84, 2)
    else:
        c = np.array([rng.uniform(205, 255) for _ in range(3)])
        p = _gradient(c, c - 8)
    return np.asarray(p.resize((SIZE, SIZE), Image.BOX))


def shift_hsv(icon, hue, saturation, value, absolute=False):
    """Shifts (or, with `absolute`, sets) the hue of an RGBA icon."""
    h, s, v = [np.asarray(c, dtype=np.float32) for c in icon.convert("RGB").convert("HSV").split()]
    colored = s > 60
    h = np.where(colored, (hue * 255) if absolute else (h + hue * 255), h) % 256
    hsv = [h, (s * saturation).clip(0, 255), (v * value).clip(0, 255)]
    rgb = Image.merge("HSV", [Image.fromarray(c.astype(np.uint8)) for c in hsv]).convert("RGB")
    rgb.putalpha(icon.getchannel("A"))
    return rgb


class Composer:
    """Draws samples. One composer per seed; the same seed gives the same stream of samples."""

    def __init__(self, icon_dir, sets, seed, backgrounds=60, class_share=.57, scene_share=.16, steady=False):
        """`steady` varies size, place, turn and scene less, which a small U-Net learns sooner."""
        self.rng = np.random.default_rng(seed)
        self.sizes, self.place, self.turned, self.flipped, self.fitting = ((50, 60), .1, 0, 0, .95) if steady else ((36, 58), .2, .5, .5, .72)
        self.sets, self.class_share, self.scene_share = sets, class_share, scene_share
        self.icons = {}
        for s in sets:
            for f in sorted(os.listdir(os.path.join(icon_dir, s))):
                name = f[:-4].removesuffix("-1").removesuffix("-2")
                image = Image.open(os.path.join(icon_dir, s, f)).convert("RGBA")
                box = image.getbbox()
                if box:
                    self.icons.setdefault(name, []).append((s, image.crop(box)))
        self.scenes = {n: [draw_scene(n, self.rng) for _ in range(backgrounds)] for n in world.SCENES}
        self.style_of = {s: name for name, ss in world.STYLES.items() for s in ss}

    def _pick(self, weights):
        names = list(weights)
        p = np.array([weights[n] for n in names], dtype=np.float64)
        return names[self.rng.choice(len(names), p=p / p.sum())]

    def _icon(self, names, lean):
        """An icon among `names`; `lean` is the index of the style group that this word prefers."""
        found = [i for n in names.split() for i in self.icons.get(n.replace("-", ""), [])]
        groups = list(world.STYLES)
        weights = [3.0 if lean is not None and self.style_of.get(s) == groups[lean % 4] else 1.0 for s, _ in found]
        k = self.rng.choice(len(found), p=np.array(weights) / sum(weights))
        return found[k]

    def _paste(self, icon, scene):
        """Places the icon on a scene at a random size, place, flip, slight turn and shear."""
        rng = self.rng
        if rng.random() < self.flipped:
            icon = icon.transpose(Image.FLIP_LEFT_RIGHT)
        if rng.random() < self.turned:
            icon = icon.rotate(rng.uniform(-9, 9), Image.BILINEAR, expand=True)
        scale = rng.uniform(*self.sizes) / max(icon.size)
        w, h = max(8, round(icon.width * scale)), max(8, round(icon.height * scale * rng.uniform(.93, 1.07)))
        icon = icon.resize((w, min(h, SIZE)), Image.BILINEAR, reducing_gap=2.0)
        x = round((SIZE - icon.width) * np.clip(rng.normal(.5, self.place), 0, 1))
        y = round((SIZE - icon.height) * np.clip(rng.normal(.58, self.place), 0, 1))
        a = np.asarray(icon, dtype=np.float32)
        out = scene.astype(np.float32)
        alpha = a[..., 3:] / 255
        out[y:y + icon.height, x:x + icon.width] = out[y:y + icon.height, x:x + icon.width] * (1 - alpha) + a[..., :3] * alpha
        return out

    def _scene_picture(self, name):
        s = self.scenes[name][self.rng.integers(len(self.scenes[name]))]
        return s[:, ::-1] if self.rng.random() < .5 else s

    def caption(self, word, scene, color, style, pure_scene=False):
        rng = self.rng
        template = self._pick(dict(world.TEMPLATES))
        phrase = word
        named = {"scene": None, "color": None, "style": None}
        if color and rng.random() < .8:
            named["color"], phrase = color, f"{color} {phrase}"
        if style and rng.random() < .07:
            named["style"], phrase = style, f"{style} {phrase}"
        text = template.format(phrase)
        if not pure_scene and rng.random() < (.12 if scene == "plain" else .3):
            named["scene"] = scene
            text = f"{text} {world.SCENES[scene][1]}"
        for vowel in "aeiou":
            text = text.replace(f" a {vowel}", f" an {vowel}") if rng.random() < .7 else text
        return Caption(text, word, **named)

    def sample(self, captions=3, label=None, word=None, pure_scene=None):
        """A picture with `captions` captions; `label`, `word` or `pure_scene` fix what it shows."""
        rng = self.rng
        u = rng.random()
        if pure_scene or (label is None and u < self.scene_share):
            scene = pure_scene or self._pick({n: .5 if n == "plain" else 1.3 if n == "sky" else 1 for n in world.SCENES})
            words = world.SCENES[scene][0]
            word = words[0] if rng.random() < .6 else words[rng.integers(len(words))]
            sample = Sample(self._scene_picture(scene).copy(), word, scene, scene)
            sample.captions = [self.caption(word, scene, None, None, True) for _ in range(captions)]
            return sample
        if label is None:
            pool = list(world.CLASSES) if u < self.scene_share + self.class_share else list(world.OTHERS)
            label = pool[rng.integers(len(pool))]
        color = style = None
        if label in world.CLASSES:
            _, scenes, kinds, words = world.CLASSES[label]
            if word is None:
                names = list(words)
                weights = [.4] + [.36 / 3] * 3 + [.24 / (len(names) - 4)] * (len(names) - 4)
                word = names[rng.choice(len(names), p=weights)]
            lean = list(words).index(word)
            kind_weights, tints = world.parse(words[word])
            iconset, icon = self._icon(kinds[self._pick(kind_weights)], lean - 1 if 1 <= lean <= 3 else None)
        else:
            _, names, scenes = world.OTHERS[label]
            word, tints = label, []
            iconset, icon = self._icon(names, None)
        if label in world.COLORED and not tints and rng.random() < .2:
            color = list(world.COLORS)[rng.integers(len(world.COLORS))]
            icon = shift_hsv(icon, world.COLORS[color], 1.1, 1.0, absolute=True)
        else:
            for t in tints:
                icon = shift_hsv(icon, *world.TINTS[t])
            if rng.random() < .25:
                icon = shift_hsv(icon, rng.uniform(-.03, .03), rng.uniform(.8, 1.2), rng.uniform(.88, 1.12))
        scene_names = scenes.split()
        scene = scene_names[rng.integers(len(scene_names))] if rng.random() < self.fitting else list(world.SCENES)[rng.integers(len(world.SCENES))]
        image = self._paste(icon, self._scene_picture(scene)).clip(0, 255).astype(np.uint8)
        sample = Sample(image, word, label, scene)
        sample.captions = [self.caption(word, scene, color, self.style_of.get(iconset)) for _ in range(captions)]
        return sample


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="draws a contact sheet")
    parser.add_argument("--icons", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    composer = Composer(args.icons, world.TRAIN_SETS, seed=0)
    sheet = Image.new("RGB", (16 * 66, 12 * 66), "white")
    for i in range(16 * 12):
        row, column = divmod(i, 16)
        s = composer.sample(label=list(world.CLASSES)[row]) if row < 10 else composer.sample() if row == 10 else \
            composer.sample(pure_scene=list(world.SCENES)[column % 11])
        sheet.paste(Image.fromarray(s.image), (column * 66, row * 66))
        if column < 2:
            print(s.label, "|", s.word, "|", "; ".join(c.text for c in s.captions))
    sheet.save(args.out)
