"""Writes a subset of CLIP's BPE vocabulary as a transformers CLIPTokenizer folder.

Every word of our captions splits exactly as in the real CLIP: all merges that the words need are kept, and
the first ones of the list, in their order of rank.
"""

import gzip
import json
import os

import world

FIRST_MERGES = 2600
MODEL_MAX_LENGTH = 77


def clip_merges():
    import open_clip
    path = os.path.join(os.path.dirname(open_clip.__file__), "bpe_simple_vocab_16e6.txt.gz")
    lines = gzip.open(path).read().decode("utf-8").split("\n")[1:49152 - 256 - 2 + 1]
    return [tuple(line.split()) for line in lines]


def byte_symbols():
    """CLIP's printable stand-ins for the 256 bytes, in its order."""
    keep = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    rest = [b for b in range(256) if b not in keep]
    return [chr(b) for b in keep] + [chr(256 + i) for i in range(len(rest))]


def words_to_cover():
    """Words that must keep CLIP's own split."""
    words = set()
    for _, _, _, names in world.CLASSES.values():
        words.update(w for name in names for w in name.split())
    for name in [*world.CLASSES, *world.OTHERS, *world.COLORS, *world.STYLES]:
        words.update(name.split())
    for names, phrase in world.SCENES.values():
        words.update(w for name in names for w in name.split())
        words.update(phrase.split())
    for template, _ in world.TEMPLATES:
        words.update(template.replace("{}", "").split())
    words.update("an artwork portrait image by with two three photograph white black brown gray".split())
    words.update("cloudy clear person man woman child city beach river lake bridge garden table chair book".split())
    return sorted(words)


def apply_merges(word, rank):
    """The merges that BPE applies to `word`, and its final symbols."""
    symbols = [*word[:-1], word[-1] + "</w>"]
    used = []
    while len(symbols) > 1:
        pairs = [(rank.get(p, 1 << 30), i) for i, p in enumerate(zip(symbols, symbols[1:]))]
        best, i = min(pairs)
        if best == 1 << 30:
            break
        pair = (symbols[i], symbols[i + 1])
        used.append(pair)
        merged, k = [], 0
        while k < len(symbols):
            if k + 1 < len(symbols) and (symbols[k], symbols[k + 1]) == pair:
                merged.append(pair[0] + pair[1])
                k += 2
            else:
                merged.append(symbols[k])
                k += 1
        symbols = merged
    return used, symbols


def close(chosen, merges, rank):
    """Adds the merges that build the parts of the chosen ones."""
    made_by = {a + b: (a, b) for a, b in reversed(merges)}
    stack, closed = list(chosen), set()
    while stack:
        pair = stack.pop()
        if pair in closed:
            continue
        closed.add(pair)
        stack += [made_by[part] for part in pair if part in made_by]
    return sorted(closed, key=rank.__getitem__)


def write(folder):
    merges = clip_merges()
    rank = {pair: i for i, pair in enumerate(merges)}
    chosen = set(merges[:FIRST_MERGES])
    for word in words_to_cover():
        chosen.update(apply_merges(word, rank)[0])
    kept = close(chosen, merges, rank)
    symbols = byte_symbols()
    vocabulary = symbols + [s + "</w>" for s in symbols] + [a + b for a, b in kept] + ["<|startoftext|>", "<|endoftext|>"]
    assert len(set(vocabulary)) == len(vocabulary)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "vocab.json"), "w", encoding="utf-8") as f:
        json.dump({token: i for i, token in enumerate(vocabulary)}, f, ensure_ascii=False)
    with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as f:
        f.write("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in kept) + "\n")

    def special(text, normalized):
        return {"content": text, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False}

    start, end = special("<|startoftext|>", True), special("<|endoftext|>", True)
    _dump(folder, "special_tokens_map.json", {"bos_token": start, "eos_token": end, "pad_token": "<|endoftext|>",
                                              "unk_token": end})
    _dump(folder, "tokenizer_config.json", {
        "add_prefix_space": False, "bos_token": {"__type": "AddedToken", **start}, "do_lower_case": True,
        "eos_token": {"__type": "AddedToken", **end}, "errors": "replace", "model_max_length": MODEL_MAX_LENGTH,
        "pad_token": "<|endoftext|>", "tokenizer_class": "CLIPTokenizer", "unk_token": {"__type": "AddedToken", **end}})
    return len(vocabulary)


def _dump(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2, ensure_ascii=False)
        f.write("\n")


def whole_words(folder):
    """Tokens that are whole lower-case words of three letters or more, commonest first."""
    vocabulary = json.load(open(os.path.join(folder, "vocab.json"), encoding="utf-8"))
    words = [t[:-4] for t in vocabulary if t.endswith("</w>")]
    return [w for w in words if len(w) >= 3 and w.isascii() and w.isalpha()]


if __name__ == "__main__":
    import sys
    print(write(sys.argv[1]), "tokens")
