"""The tables of a comparison of methods as Markdown, from its methods.csv.

    python scripts/docs/methods.py runs/methods/methods.csv > methods.md
    python scripts/docs/methods.py runs/ten/methods.csv realera > classes.md

First the means over the concepts, then each concept by itself; best H_o over subtypes first. With a method's name each concept by
that method alone. Python's own library is enough.
"""

import csv
import statistics
import sys

TUNED = ["airplane", "bird", "truck"]
SYNONYMS, SUBTYPES = "open set", "open set, subtypes"
MEANS = ["Acc_e (low)", "Acc_s (high)", "synonyms: Acc_g (low)", "H_o (high)", "subtypes: Acc_g (low)", "H_o (high)", "seconds", "U-Net passes"]


def figure(row, key):
    if not row[key]:
        return ""
    value, low, high = (f"{float(row[key + end]):.1f}" for end in ("", "_low", "_high"))
    return value if low == high == value else f"{value} [{low}, {high}]"


def three(row):
    return ", ".join(f"{float(row[key]):.1f}" for key in ("acc_s", "acc_g", "h_o"))


def line(cells):
    print("| " + " | ".join(cells) + " |")


def classes(rows, method):
    """One method: each concept, and the means of those that its recipe was tuned on and of the others. frog has no subtypes."""
    line(["class", *MEANS[:6]])
    line(["---"] * 7)
    found = {concept: row for (m, concept, view), row in rows.items() if (m, view) == (method, SYNONYMS) and concept != "mean"}
    figures = {}
    for concept in sorted(found, key=lambda c: (c not in TUNED, c)):
        pairs = [(found[concept], key) for key in ("acc_e", "acc_s", "acc_g", "h_o")]
        subtypes = rows.get((method, concept, SUBTYPES))
        if subtypes:
            pairs += [(subtypes, key) for key in ("acc_g", "h_o")]
        figures[concept] = [float(row[key]) for row, key in pairs]
        name = f"{concept} ({'tuned on' if concept in TUNED else 'held out'})"
        line([name, *(figure(row, key) for row, key in pairs), *[""] * (6 - len(pairs))])
    for name, part in [("tuned on", [c for c in figures if c in TUNED]), ("held out", [c for c in figures if c not in TUNED]), ("all", list(figures))]:
        columns = [[figures[c][i] for c in part if i < len(figures[c])] for i in range(6)]
        line([f"**mean of {len(part)}, {name}**", *(f"{statistics.mean(column):.1f}" for column in columns)])


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = {(row["method"], row["concept"], row["view"]): row for row in csv.DictReader(file)}
    if len(sys.argv) > 2:
        classes(rows, sys.argv[2])
        return
    means = {method: row for (method, concept, view), row in rows.items() if (concept, view) == ("mean", SUBTYPES)}
    methods = sorted((m for m in means if m != "original"), key=lambda m: -float(means[m]["h_o"]))
    line(["method", *MEANS])
    line(["---"] * (1 + len(MEANS)))
    for method in ["original", *methods]:
        synonyms, subtypes = rows[method, "mean", SYNONYMS], means[method]
        before = method == "original"
        line(
            [
                "before erasing" if before else subtypes["title"],
                figure(synonyms, "acc_e"),
                figure(synonyms, "acc_s"),
                figure(synonyms, "acc_g"),
                "" if before else figure(synonyms, "h_o"),
                figure(subtypes, "acc_g"),
                "" if before else figure(subtypes, "h_o"),
                f"{float(subtypes['seconds']):.1f}" if subtypes["seconds"] else "",
                f"{float(subtypes['unet_passes']):,.0f}" if subtypes["unet_passes"] else "",
            ]
        )
    concepts = list(dict.fromkeys(concept for _, concept, _ in rows if concept != "mean"))
    print()
    line(["Acc_s, Acc_g over subtypes, H_o", *concepts])
    line(["---"] * (1 + len(concepts)))
    for method in methods:
        own = [rows.get((method, concept, SUBTYPES)) for concept in concepts]
        line([means[method]["title"], *("" if row is None else three(row) for row in own)])


if __name__ == "__main__":
    main()
