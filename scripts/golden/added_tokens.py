#!/usr/bin/env python3
"""Writes the ids of texts with added tokens, from transformers' slow CLIPTokenizer as a StableDiffusionPipeline calls it.

    python scripts/golden/added_tokens.py

For each folder of src/test/resources/corpus/tokenizer without a refused.txt, beside the vocabulary in org/realera/text/cut,
writes ids.json there: how many ids there are, and the ids of each text, without start, end and padding. A token of several vectors is
written out first, as TextualInversionLoaderMixin.maybe_convert_prompt does. "fast" lists the texts for which CLIPTokenizerFast,
which folds case before it looks for ordinary tokens, says otherwise; the pipelines use the slow one.

A new case is one folder more. Package versions: requirements.txt beside this file.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.modules["ftfy"] = None  # as on a machine without it

from diffusers.loaders import TextualInversionLoaderMixin  # noqa: E402
from transformers import CLIPTokenizer, CLIPTokenizerFast  # noqa: E402

TESTS = Path(__file__).resolve().parents[2] / "src/test/resources"
TEXTS = [
    "",
    "the <cat-toy> on a mat",
    "The <CAT-TOY> on a mat",
    "<cat-toy>",
    " <cat-toy> ",
    "<cat-toy><cat-toy>, <cat-toy>.",
    "a<cat-toy>b",
    "the  \t<cat-toy>\u00a0\u3000 of",
    "the <cat-toy>_1 of",
    "the <cat-toy>s of <cat-toy",
    "an apple, pineapples and an apple tree",
    "(apple) apple",
    "é 猫 ÉÉ 猫猫 e\u0301",
    "hello!! world",
    "<|startoftext|>the<|endoftext|><pad>",
    "thethe anthe the",
]


def ids(tokenizer, text):
    text = TextualInversionLoaderMixin().maybe_convert_prompt(text, tokenizer)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def fast_of(folder):
    try:
        return CLIPTokenizerFast.from_pretrained(folder)
    except Exception as error:  # a tokenizer.json that is a stub for the slow one
        print(folder, "fast:", error)
        return None


for case in sorted((TESTS / "corpus/tokenizer").iterdir()):
    if not case.is_dir() or (case / "refused.txt").exists():
        continue
    with tempfile.TemporaryDirectory() as folder:
        for file in [*(TESTS / "org/realera/text/cut").iterdir(), *case.iterdir()]:
            shutil.copy(file, folder)
        slow = CLIPTokenizer.from_pretrained(folder)
        fast = fast_of(folder)
    table = {text: ids(slow, text) for text in TEXTS}
    differs = [t for t in TEXTS if ids(fast, t) != table[t]] if fast else []
    answer = {"size": max(slow.get_vocab().values()) + 1, "pad": slow.pad_token_id, "ids": table, "fast": differs}
    (case / "ids.json").write_text(json.dumps(answer, indent=1) + "\n")
