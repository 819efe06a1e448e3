"""How much of a concept outlives a word-level erase: the closed form on the bare class word, then synonyms and subtypes.

W = W_org T, T = (sum e* e^T + mu I)(sum e e^T + mu I)^-1, over the rows from the concept on of `a photo of the {}`.
"""

import torch

import world

PAIRS = {"airplane": "sky", "automobile": "road", "bird": "sky", "ship": "sea", "cat": "grass"}
TEMPLATE = "a photo of the {}"
RIDGE = 1e-3  # relative to the mean diagonal of the Gram matrix


def transform(model, concept, anchor):
    """T, [d, d] in float64."""
    first = len(model.tokenizer(TEMPLATE.format("").strip()).input_ids) - 1
    e, target = (model.embed([TEMPLATE.format(w)])[0, first:].double() for w in (concept, anchor))
    n = len(model.tokenizer(concept, add_special_tokens=False).input_ids)
    m = len(model.tokenizer(anchor, add_special_tokens=False).input_ids)
    assert n == m == 1, "one-token words only"
    gram, cross = e.T @ e, target.T @ e
    mu = RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=torch.float64)
    return (cross + mu) @ torch.linalg.inv(gram + mu)


def edit(model, t):
    """Replaces the cross-attention projections; returns what undoes it."""
    kept = {}
    for name, p in model.unet.named_parameters():
        if "attn2.to_k" in name or "attn2.to_v" in name:
            kept[name] = p.data
            p.data = (p.data.double() @ t).float()
    return kept


def restore(model, kept):
    for name, p in model.unet.named_parameters():
        if name in kept:
            p.data = kept[name]


def measure(model, scorer, guidance, images, pairs=None):
    out = {}
    for concept, anchor in (pairs or PAIRS).items():
        words = list(world.CLASSES[concept][3])
        kept = edit(model, transform(model, concept, anchor))
        rows = {}
        for w in words:
            drawn = model.draw([TEMPLATE.format(w)] * images, range(images), guidance)
            rows[w] = scorer.score(drawn, concept)["open"]["probability"]
        others = [c for c in world.CLASSES if c != concept]
        kept_classes = [scorer.score(model.draw([TEMPLATE.format(c)] * 10, range(10), guidance), c)["closed"]["probability"]
                        for c in others]
        restore(model, kept)
        out[concept] = {"anchor": anchor, "open_set_probability_after": rows,
                        "other_classes_closed_after": round(sum(kept_classes) / len(kept_classes), 4)}
        print(concept, out[concept], flush=True)
    return out
