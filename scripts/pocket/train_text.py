"""Trains the text encoder: the cosines of its rows follow those of the captions' meanings.

Three sets of rows are matched, as cross-attention reads them all: the concept's last token, EOS, and padding rows.
The final layer norm stays at weight 1, bias 0, so every row has norm sqrt(width).
"""

import argparse
import time

import numpy as np
import torch
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

import tokenizer
import world
from compose import Caption, Composer
from meaning import Meaning

WIDTH, LAYERS, HEADS, POSITIONS = 128, 3, 4, 77


def build(tok):
    config = CLIPTextConfig(
        vocab_size=len(tok), hidden_size=WIDTH, intermediate_size=4 * WIDTH, projection_dim=WIDTH, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, max_position_embeddings=POSITIONS, hidden_act="quick_gelu", bos_token_id=tok.bos_token_id,
        eos_token_id=tok.eos_token_id, pad_token_id=tok.pad_token_id)
    return CLIPTextModel(config)


class CaptionStream:
    """Captions without pictures: the composer's, plus words of the vocabulary that no picture shows."""

    def __init__(self, composer, extra_words):
        self.composer, self.rng, self.extra = composer, composer.rng, extra_words

    def next(self):
        rng, u = self.rng, self.rng.random()
        if u < .02:
            return Caption("", "")
        if u < .20:
            word, scene, color = self.extra[rng.integers(len(self.extra))], None, None
        elif u < .33:
            scene = list(world.SCENES)[rng.integers(len(world.SCENES))]
            words = world.SCENES[scene][0]
            return self.composer.caption(words[rng.integers(len(words))], scene, None, None, True)
        else:
            if u < .75:
                words = list(world.CLASSES[list(world.CLASSES)[rng.integers(10)]][3])
                i = rng.integers(4) if rng.random() < .5 else rng.integers(len(words))
                word = words[i]
            else:
                word = list(world.OTHERS)[rng.integers(len(world.OTHERS))]
            color = list(world.COLORS)[rng.integers(len(world.COLORS))] if rng.random() < .12 else None
        scene = list(world.SCENES)[rng.integers(len(world.SCENES))]
        style = list(world.STYLES)[rng.integers(len(world.STYLES))]
        return self.composer.caption(word, scene, color, style)


def last_concept_position(tok, caption, ids):
    """Position of the concept's last token, 0-based with BOS at 0; EOS where the caption is empty."""
    if not caption.word:
        return len(ids) - 1
    concept = tok(caption.word, add_special_tokens=False).input_ids
    for i in range(len(ids) - len(concept), 0, -1):
        if ids[i:i + len(concept)] == concept:
            return i + len(concept) - 1
    raise ValueError(f"{caption.word!r} is no token span of {caption.text!r}")


def gram_loss(rows, target):
    """Squared error of cosines against the targets; unrelated pairs are free between -0.1 and 0.2."""
    rows = torch.nn.functional.normalize(rows, dim=-1)
    cosine = rows @ rows.T
    error = cosine - target
    unrelated = target < .12
    free = unrelated & (cosine > -.1) & (cosine < .2)
    error = torch.where(free, error * .1, error)
    weight = torch.where(target > .3, 8.0, 1.0)
    return (weight * error ** 2).mean()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--icons", required=True)
    p.add_argument("--out", required=True, help="model folder: writes tokenizer/ and text_encoder/")
    p.add_argument("--steps", type=int, default=1500)
    p.add_argument("--batch", type=int, default=160)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--init", help="go on from this text encoder folder")
    p.add_argument("--seed", type=int, default=3)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    tokenizer.write(f"{args.out}/tokenizer")
    tok = CLIPTokenizer.from_pretrained(f"{args.out}/tokenizer")
    composer = Composer(args.icons, world.TRAIN_SETS, args.seed, backgrounds=1)
    meaning = Meaning(tokenizer.whole_words(f"{args.out}/tokenizer"))
    known = {w for phrase in [*meaning.words] for w in phrase.split() if phrase in world.OTHERS}
    extra = [w for w in tokenizer.whole_words(f"{args.out}/tokenizer") if w not in known and f"word:{w}" in meaning.words.get(w, {})
             and len(meaning.words[w]) == 2]
    stream = CaptionStream(composer, extra)
    model = CLIPTextModel.from_pretrained(args.init).float().train() if args.init else build(tok)
    norm = model.text_model.final_layer_norm
    norm.requires_grad_(False)
    optimizer = torch.optim.AdamW([q for q in model.parameters() if q.requires_grad], lr=args.lr, betas=(.9, .98), weight_decay=1e-3)
    started = time.time()
    for step in range(args.steps):
        lr = args.lr * min(1, (step + 1) / 60) * (.5 * (1 + np.cos(np.pi * step / args.steps)) + .01)
        for group in optimizer.param_groups:
            group["lr"] = lr
        captions = [stream.next() for _ in range(args.batch)]
        ids = [tok(c.text).input_ids for c in captions]
        concept = torch.tensor([last_concept_position(tok, c, i) for c, i in zip(captions, ids)])
        eos = torch.tensor([len(i) - 1 for i in ids])
        length = POSITIONS if step % 5 == 0 else int(eos.max()) + 4
        padded = torch.full((len(ids), length), tok.pad_token_id)
        for row, i in enumerate(ids):
            padded[row, :len(i)] = torch.tensor(i)
        hidden = model(padded).last_hidden_state
        at = torch.arange(len(ids))
        full = torch.from_numpy(meaning.dense(captions))
        full = full @ full.T
        alone = torch.from_numpy(meaning.dense([Caption(c.text, c.word, color=c.color, style=c.style) for c in captions]))
        alone = alone @ alone.T
        pad = eos + 1 + (torch.rand(len(ids)) * (length - 1 - eos)).long().clamp(max=length)
        pad = pad.clamp(max=length - 1)
        loss = (gram_loss(hidden[at, concept], alone) + gram_loss(hidden[at, eos], full) + gram_loss(hidden[at, pad], full))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0 or step + 1 == args.steps:
            print(f"{step} loss {loss.item():.4f} {time.time() - started:.0f} s", flush=True)
    model.eval().half().save_pretrained(f"{args.out}/text_encoder", safe_serialization=True)


if __name__ == "__main__":
    main()
