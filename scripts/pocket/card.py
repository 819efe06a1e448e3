"""Writes the model card (README.md of the model folder) from card.json."""

import argparse
import json
import os

from export import index_files, write

HEAD = """# The pocket model

A miniature of Stable Diffusion v1.x for 64 x 64 pictures, in the same diffusers layout, really trained, small enough to travel in
a jar. It draws the ten CIFAR-10 classes, their thirty synonyms, {subtypes} subtypes, {others} further concepts and {scenes} scenes,
in the manner of emoji on drawn backgrounds. Its purpose is to measure concept erasure in a minute on a laptop. It is no model for
anything else: it knows a few hundred words, and art from a few hundred icons.

{status}
    StableDiffusionPipeline.from_pretrained(folder)(prompt, height=64, width=64, num_inference_steps=25, guidance_scale={guidance})

| part | what | parameters |
|---|---|---|
"""

GEOMETRY = """
## Text space

Cosine to the class word, rows of `a photo of the {}`; all rows have norm sqrt(128), as the final layer norm is the identity.

| rows | synonyms: mean (min to max) | subtypes | other classes: mean (max) | unrelated words: mean (max) |
|---|---|---|---|---|
"""

GEOMETRY_NOTE = """
The encoder's geometry is made by training on text alone: the cosines of concept, EOS and padding rows follow those of a description
of each caption (class, kinds of picture, own part, scene, colour, style; `scripts/pocket/meaning.py`). No picture was involved, which
differs from CLIP. 1,240 further words of the vocabulary were trained to be unlike everything else.
"""


def percent(x):
    return f"{100 * x:.1f}"


def accuracy_table(figures, title):
    lines = [f"| {title} | closed: mean probability | closed: top-1 | open set: mean probability |", "|---|---|---|---|"]
    for word, f in figures.items():
        c = f.get("closed")
        lines.append(f"| {word} | {percent(c['probability']) if c else '-'} | {percent(c['top1']) if c else '-'} | {percent(f['open']['probability'])} |")
    return lines


def spread(values):
    v = list(values)
    return f"{sum(v) / len(v):.2f} ({min(v):.2f} to {max(v):.2f})"


def residue(summaries):
    """{class: anchor and open-set probability of each word} and how many pictures of each."""
    found, pictures = {}, {}
    for file in summaries:
        for run in json.load(open(file, encoding="utf-8"))["runs"]:
            words = found.setdefault(run["concept"], {"anchor": run["anchor"], "words": {}})["words"]
            for s in run["model"]["sets"]:
                if s["role"] != "kept":
                    words.setdefault(s["name"].replace("-", " "), round(s["open"]["probability"]["value"] / 100, 4))
                    pictures.setdefault(run["samples"], set()).add(s["role"])
    return found, " or ".join(f"{n} pictures a word" for n in sorted(pictures, reverse=True))


def main():
    import world
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--residue", nargs="*", default=[], help="summary.json files of `realera eval` over erasures by the closed form alone")
    args = p.parse_args()
    top = args.folder
    folder = os.path.join(top, "model")
    card = json.load(open(os.path.join(folder, "card.json"), encoding="utf-8"))
    if args.residue:
        card["residue"], card["residue_pictures"] = residue(args.residue)
        write(os.path.join(folder, "card.json"), card)
    m, parts = card["measured"], card["parameters"]
    text = HEAD.format(subtypes=sum(len(c[3]) - 4 for c in world.CLASSES.values()), others=len(world.OTHERS), scenes=len(world.SCENES),
                       guidance=card["guidance"],
                       status=f"**State: {card['training']['state']}.**\n" if "state" in card.get("training", {}) else "")
    for name, what in (("unet", "UNet2DConditionModel, 16 x 16 x 4 latents, cross-attention to 77 x 128"),
                       ("vae", "AutoencoderKL, f = 4"), ("text_encoder", "CLIPTextModel, 3 layers, width 128"),
                       ("scorer", "CLIPModel of its own, 64 x 64, patches of 8")):
        text += f"| `{name}` | {what} | {parts[name] / 1e6:.2f} M |\n"
    lines = ["", "## How well it draws", "",
             f"{m['images_per_word']} pictures a word of `a photo of the {{}}`, DDIM {card['steps']} steps, guidance {m.get('guidance', card['guidance'])}, seeds "
             f"0 to {m['images_per_word'] - 1}, by its own scorer. Closed: softmax of 100 x cosine over the ten classes. Open set: the same with "
             "sky, sea, ground, grass, road, night, snow and desert added. Per cent.", ""]
    for group, title in (("classes", "class"), ("synonyms", "synonym"), ("scenes", "scene"), ("subtypes", "subtype")):
        if group not in m:
            continue
        mean = m[f"{group}_mean"]
        lines += accuracy_table(m[group], title)
        c = mean.get("closed")
        lines += [f"| **mean** | {percent(c['probability']) if c else '-'} | {percent(c['top1']) if c else '-'} | {percent(mean['open']['probability'])} |", ""]
    text += "\n".join(lines) + GEOMETRY
    for kind in ("concept", "eos", "padding"):
        g = m["cosines"][kind]
        text += (f"| {kind} | {spread(g['synonym'].values())} | {spread(g['subtype'].values())} | {g['other_class']['mean']:.2f} "
                 f"({g['other_class']['max']:.2f}) | {g['unrelated']['mean']:.2f} ({g['unrelated']['max']:.2f}) |\n")
    text += GEOMETRY_NOTE
    if "residue" in card:
        text += ("\n## Concept residue\n\nAfter a word-level erase (the closed form alone, `configs/erase/pocket-drawn.yaml` with mining, beyond and alignment "
                 "off), what is left of the class in pictures of its words: open-set probability, per cent, "
                 f"{card['residue_pictures']}, DDIM 10 steps. The open set is that of realera's suites, with the anchor and eleven scenes where the tables above have eight.\n\n"
                 "| class -> anchor | class word | synonyms | subtypes |\n|---|---|---|---|\n")
        for concept, f in card["residue"].items():
            cells = [", ".join(f"{w} {percent(v)}" for w, v in f["words"].items() if w in names) or "-" for names in (
                [concept], world.SYNONYMS[concept], list(world.CLASSES[concept][3])[4:])]
            text += f"| {concept} -> {f['anchor']} | {cells[0].split()[-1]} | {cells[1]} | {cells[2]} |\n"
        text += "\nSynonyms go with the word; some subtypes stay: that is what neighbor mining is for. `src/docs/results.md` of realera has what the full method leaves of them.\n"
    if "training" in card:
        text += "\n## Training\n\n"
        for part, note in card["training"].items():
            text += f"- **{part}**: {note}\n"
    text += ("\nThe scorer was trained on the same icon sets (other seeds, other augmentation, VAE-decoded pictures among them), so it judges what\n"
             "this model draws, not the world. On composed pictures of icon sets it never saw (OpenMoji, Emoji One v1) its ten-way top-1 is "
             f"{percent(card['scorer_held_out_top1'])} %.\n\n"
             f"Speed: {m['seconds_per_image']} s a picture in PyTorch, batch of 8, {m['threads']} thread(s).\n\n"
             f"All figures are in `card.json`. They are reproduced by `python scripts/pocket/measure.py FOLDER --quick --images {m['images_per_word']} --out figures.json`;\n"
             "the whole model by `scripts/pocket/make.sh`. Art and licences: `ATTRIBUTION.md`.\n")
    with open(os.path.join(folder, "README.md"), "w", encoding="utf-8") as f:
        f.write(text)
    index_files(top)


if __name__ == "__main__":
    main()
