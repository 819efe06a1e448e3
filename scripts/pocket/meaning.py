"""What a caption means, as a sparse vector: the target of the text encoder's geometry.

A word of a class is (class part, picture-kind part, own part). The class word leans on the class part, synonyms less,
subtypes least; so cosines fall from class to synonym to subtype, as in CLIP, and each word keeps something of its own.
"""

import numpy as np

import world

# class part, kind part, own part; the picture kinds make up for the rest of the likeness
CLASS_PARTS = (.82, .40, .40)
SYNONYM_PARTS = [(.68, .40, .52), (.60, .42, .60), (.52, .45, .66)]
SUBTYPE_PARTS = (.44, .55, .66)
SUPER_PART = .38  # animals among themselves, vehicles among themselves
COMMON_PART = .22
SCENE_SHARE, COLOR_SHARE, STYLE_SHARE = .50, .36, .28


class Meaning:
    def __init__(self, extra_words=()):
        self.index = {}
        self.words = {}
        for label, (group, _, kinds, words) in world.CLASSES.items():
            for i, (word, spec) in enumerate(words.items()):
                a, b, c = CLASS_PARTS if i == 0 else SYNONYM_PARTS[i - 1] if i < 4 else SUBTYPE_PARTS
                weights, tints = world.parse(spec)
                mix = {f"kind:{k}": w for k, w in weights.items()}
                for t in tints:
                    mix[f"tint:{t}"] = .5 * max(mix.values())
                norm = np.sqrt(sum(w * w for w in mix.values()))
                parts = {f"class:{label}": a, f"word:{word}": c, **{k: b * w / norm for k, w in mix.items()}}
                self.words[word] = {**parts, f"super:{group}": SUPER_PART, "common": COMMON_PART}
        for word, (group, _, _) in world.OTHERS.items():
            parts = {f"word:{word}": .9, f"super:{group}": SUPER_PART, "common": COMMON_PART}
            if word in world.RELATED:
                parts[f"class:{world.RELATED[word]}"] = .35
            self.words[word] = parts
        for scene, (words, _) in world.SCENES.items():
            for i, word in enumerate(words):
                self.words[word] = {f"scene:{scene}": .9, f"word:{word}": .15 if i == 0 else .5, "super:scene": SUPER_PART,
                                    "common": COMMON_PART}
        for word in extra_words:
            self.words.setdefault(word, {f"word:{word}": .95, "common": COMMON_PART})
        self.words[""] = {"word:": .95, "common": COMMON_PART}
        self.cache = {}

    def parts(self, caption):
        parts = dict(self.words[caption.word])
        norm = np.sqrt(sum(v * v for v in parts.values()))
        parts = {k: v / norm for k, v in parts.items()}
        for key, name, share in (("scene", caption.scene, SCENE_SHARE), ("color", caption.color, COLOR_SHARE),
                                 ("style", caption.style, STYLE_SHARE)):
            if name:
                parts[f"{key}:{name}"] = parts.get(f"{key}:{name}", 0) + share
        return parts

    def dense(self, captions, only_word=False):
        """Unit rows [len(captions), D]."""
        rows = []
        for c in captions:
            parts = self.words[c.word] if only_word else self.parts(c)
            rows.append([(self.index.setdefault(k, len(self.index)), v) for k, v in parts.items()])
        m = np.zeros((len(rows), 4096), dtype=np.float32)
        for i, row in enumerate(rows):
            for k, v in row:
                m[i, k] = v
        return m / np.linalg.norm(m, axis=1, keepdims=True)
