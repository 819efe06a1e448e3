"""Cosines between class words, synonyms, subtypes and others, per row kind, for `a photo of the {}`."""

import argparse
import json

import numpy as np
import torch
from transformers import CLIPTextModel, CLIPTokenizer

import world
from train_text import last_concept_position
from compose import Caption


def rows(folder, words):
    tok = CLIPTokenizer.from_pretrained(f"{folder}/tokenizer")
    model = CLIPTextModel.from_pretrained(f"{folder}/text_encoder").float().eval()
    captions = [Caption(f"a photo of the {w}", w) for w in words]
    ids = tok([c.text for c in captions], padding="max_length", max_length=77, return_tensors="pt").input_ids
    with torch.no_grad():
        hidden = model(ids).last_hidden_state
    spans = [tok(c.text).input_ids for c in captions]
    concept = [last_concept_position(tok, c, s) for c, s in zip(captions, spans)]
    eos = [len(s) - 1 for s in spans]
    at = range(len(words))
    return {"concept": hidden[at, concept], "eos": hidden[at, eos], "padding": hidden[:, 40], "all": hidden}


def table(folder):
    words = [w for c in world.CLASSES.values() for w in c[3]] + list(world.OTHERS) + [s[0][0] for s in world.SCENES.values()]
    r = rows(folder, words)
    where = {w: i for i, w in enumerate(words)}
    out = {"row_norm": {"mean": r["all"].norm(dim=-1).mean().item(), "sqrt_width": float(np.sqrt(r["all"].shape[-1]))}}
    for kind in ("concept", "eos", "padding"):
        u = torch.nn.functional.normalize(r[kind], dim=-1)
        c = (u @ u.T).numpy()
        syn, sub, other_class, unrelated = {}, {}, [], []
        for label, (_, _, _, names) in world.CLASSES.items():
            for i, w in enumerate(list(names)[1:], 1):
                (syn if i < 4 else sub)[w] = round(float(c[where[label], where[w]]), 3)
            other_class += [c[where[label], where[l]] for l in world.CLASSES if l != label]
            unrelated += [c[where[label], where[w]] for w in words if w not in names and w not in world.CLASSES
                          and not any(w in v[3] for v in world.CLASSES.values()) and world.RELATED.get(w) != label]
        out[kind] = {"synonym": syn, "subtype": sub,
                     "other_class": {"mean": float(np.mean(other_class)), "max": float(np.max(other_class))},
                     "unrelated": {"mean": float(np.mean(unrelated)), "max": float(np.max(unrelated))}}
    return out


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    result = table(p.parse_args().folder)
    print(json.dumps(result["row_norm"]))
    for kind in ("concept", "eos", "padding"):
        t = result[kind]
        for name in ("synonym", "subtype"):
            v = list(t[name].values())
            print(kind, name, f"mean {np.mean(v):.3f} min {min(v):.3f} max {max(v):.3f}")
        print(kind, "other class", t["other_class"], "unrelated", t["unrelated"])
    print(result["eos"]["synonym"])
    print(result["eos"]["subtype"])
