"""Reference token ids for the CLIP tokenizer tests, from transformers' slow CLIPTokenizer.

    pip install -r scripts/golden/requirements.txt
    python scripts/golden/tokenizer.py

The reference is CLIPTokenizer as it runs without ftfy (its BasicTokenizer path); that is what Stable Diffusion
pipelines use unless the user has installed ftfy. Run it with the Python in requirements.txt: Python's own Unicode
tables decide which characters count as unassigned, and so are dropped.

Writes
  src/main/resources/org/realera/tokenizer/merges.txt.gz       the 48,894 merges of CLIP's vocabulary
  src/test/resources/org/realera/text/cut/{vocab.json,merges.txt}   a vocabulary of the first 1,000 merges
  src/test/resources/org/realera/text/tokenizer-golden.jsonl.gz     {"text", "full", "cut", "pad": ids}, 1,200 lines

"pad" are the ids of the cut vocabulary where "!" is the padding token, as in Stable Diffusion 2: then transformers takes
it for a special token in the text, too.
"""

import gzip
import importlib.util
import io
import json
import random
import sys
import tempfile
from pathlib import Path

sys.modules["ftfy"] = None  # as on a machine without it

from transformers import CLIPTokenizer  # noqa: E402
from transformers.models.clip.tokenization_clip import bytes_to_unicode  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MERGES = 49152 - 256 - 2


def write_gz(path, text):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as out:
        out.write(text.encode("utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())


def vocabulary(merges):
    symbols = list(bytes_to_unicode().values())
    symbols += [s + "</w>" for s in symbols]
    symbols += ["".join(m.split()) for m in merges]
    symbols += ["<|startoftext|>", "<|endoftext|>"]
    return {s: i for i, s in enumerate(symbols)}


def save(folder, merges):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary(merges), ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))


WORDS = """a photo of the airplane an artwork by Van Gogh portrait Tom Cruise antidisestablishmentarianism aeroplane
don't it's I'm we've they'll he'd you're rock'n'roll O'Neill naïve café résumé Ångström Straße İstanbul ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ
москва Ёлка 東京 日本語 写真 한국어 조선말 ไทย العربية עברית हिन्दी தமிழ் 🙂 👩‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🇫🇷 ❤️ 🫠 ½ ² Ⅳ ١٢٣ １２３ ＡＢＣ ﬁne Ǆ ſure x² 3.14 1,000,000
2024-01-31 10:30pm $9.99 50% #hashtag @user http://a.b/c?d=e&f=1 file_name.png C++ C# .NET (parenthesis) [brackets] {braces}
<tag> "quoted" “curly” ‘single’ … — – - -- --- !!! ?! ... ~ ` ^ | \\ / * & masterpiece, best quality, 8k, trending on artstation
""".split()
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2003", "\u2028", "\u2029", "\u000b", "\u000c", "\u0085", "\u200b", "\u202f", "\u205f"]
CONTROLS = ["\u0000", "\u0001", "\u0007", "\u001b", "\u001c", "\u001f", "\u007f", "\u009f", "\u00ad", "\u200d", "\u200e", "\u2060", "\ufeff", "\ufffd", "\ue000", "\u0378", "\ufe0f"]
MARKS = ["\u0301", "\u0308", "\u0327", "\u0338", "\u20dd", "\u093f", "\u0e31", "\u05b0", "\u064b", "\u3099"]
FIXED = [
    "", " ", "\n", "\u200b", "a", "A", "!", "'", "''", "'s", "'S", "'ſ", "'T 'RE 'Ve 'lL", "it''s", "dogs' tails", "'tis", "can''t",
    "a photo of the airplane", "A PHOTO OF THE AIRPLANE", "  leading and trailing  ", "a" * 300, "word " * 100, "é" * 90, "e\u0301" * 90,
    "🙂" * 40, "日" * 80, "日本語の写真 of 東京", "가나다 각", "<|endoftext|>", "<|startoftext|>cat<|endoftext|>", "cat.<|endoftext|>dog",
    "<|ENDOFTEXT|>", "cat<|EndOfText|>dog", ".<|ENDOFTEXT|>", "< |endoftext|>", "<|endoftext|", "<|endoftext|><|endoftext|>", "cat</w> dog</w>", "Ġcat",
    "\u0130", "\u0131", "ΣΑΣ ΟΔΟΣ.", "Σ", "ΑΣ'Σ", "ẞ", "Ω", "K", "Å", "ﬃ", "㍍", "①②③", "Ⅻ", "x\u0301\u0302\u0303", "\u0301leading mark", "ñ n\u0303",
    "𝒜𝓃 𝔸𝕣𝕥", "𠮷野家", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1️⃣", "a\u0000b", "a\u00adb", "a\ufffdb", "tab\tsep", "new\nline",
    "1234567890", "0x1F", "1st 2nd 3rd", "v1.4", "3,5-dimethyl", "don\u2019t", "rock\u2019n\u2019roll", "…", "?!?!?!", "-----", "=====>", "((()))", "a_b_c", "__init__",
]


def strings():
    rng = random.Random(20260101)
    texts = list(FIXED)
    while len(texts) < 1000:
        parts = []
        for _ in range(rng.choice([1, 2, 3, 5, 8, 13, 40])):
            word = rng.choice(WORDS)
            roll = rng.random()
            if roll < 0.08:
                word = word.upper()
            elif roll < 0.14:
                word = word.capitalize()
            elif roll < 0.20:
                at = rng.randint(0, len(word))
                word = word[:at] + rng.choice(CONTROLS + MARKS) + word[at:]
            parts.append(word)
            parts.append(" " if rng.random() < 0.7 else rng.choice(SPACES + ["", ",", ". ", "; ", "!", "'s "]))
        texts.append("".join(parts))
    blocks = [(0x20, 0x7F), (0xA0, 0x250), (0x250, 0x370), (0x370, 0x530), (0x530, 0x1100), (0x1E00, 0x2000), (0x2000, 0x2C00),
              (0x2C00, 0x3100), (0x3100, 0xA000), (0xA000, 0xD7A4), (0xF900, 0x10000), (0x10000, 0x12000), (0x1D400, 0x1D800), (0x1F000, 0x1FB00)]
    while len(texts) < 1200:
        low, high = rng.choice(blocks)
        texts.append("".join(chr(rng.randrange(low, high)) if rng.random() < 0.85 else " " for _ in range(rng.randint(1, 24))))
    return texts


def main():
    source = Path(importlib.util.find_spec("open_clip").origin).parent / "bpe_simple_vocab_16e6.txt.gz"
    merges = gzip.open(source, "rt", encoding="utf-8").read().split("\n")[1 : MERGES + 1]
    write_gz(ROOT / "src/main/resources/org/realera/tokenizer/merges.txt.gz", "\n".join(merges) + "\n")
    resources = ROOT / "src/test/resources/org/realera/text"
    cut = save(resources / "cut", merges[:1000])
    with tempfile.TemporaryDirectory() as folder:
        full = save(Path(folder), merges)
    pad = CLIPTokenizer(
        str(resources / "cut" / "vocab.json"), str(resources / "cut" / "merges.txt"), pad_token="!"
    )
    lines = []
    for text in strings():
        ids = {
            name: t(text, truncation=True, max_length=77)["input_ids"]
            for name, t in (("full", full), ("cut", cut), ("pad", pad))
        }
        lines.append(json.dumps({"text": text, **ids}))
    write_gz(resources / "tokenizer-golden.jsonl.gz", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
