"""The tables of a comparison of methods as Markdown, from its methods.csv.

    python scripts/docs/methods.py runs/methods/methods.csv > methods.md

Python's own library is enough.
"""

import csv
import sys

FIGURES = ["acc_e", "acc_s", "acc_g", "h_o"]
VIEWS = {
    "open set": "Open set, Acc_g over synonyms",
    "open set, subtypes": "Open set, Acc_g over subtypes",
    "closed set": "Closed set: the published protocol",
}
HEAD = "| | Acc_e (low) | Acc_s (high) | Acc_g (low) | H_o (high) |{}\n|---|---|---|---|---|{}"


def figure(row, key):
    if not row[key]:
        return "-"
    value, low, high = (f"{float(row[key + end]):.1f}" for end in ("", "_low", "_high"))
    return value if low == high else f"{value} [{low}, {high}]"


def costs(row):
    seconds, passes, memory, tensors = (
        float(row[key]) if row[key] else None for key in ("seconds", "unet_passes", "peak_memory_bytes", "tensors")
    )
    yield "-" if seconds is None else f"{seconds:.1f}"
    yield "-" if passes is None else f"{passes:,.0f}"
    yield "-" if memory is None else f"{memory / 1e9:.2f} GB"
    yield "-" if tensors is None else f"{tensors:.0f}"


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        means = [row for row in csv.DictReader(file) if row["concept"] == "mean"]
    for index, (view, title) in enumerate(VIEWS.items()):
        rows = [row for row in means if row["view"] == view]
        if rows:
            more = "" if index else " seconds | U-Net passes | memory | tensors |"
            print(f"{title}. Means over {rows[0]['concepts']} concepts, with 95 % intervals.\n")
            print(HEAD.format(more, "" if index else "---|---|---|---|"))
            for row in rows:
                cells = [row["title"], *(figure(row, key) for key in FIGURES), *(() if index else costs(row))]
                print("| " + " | ".join(cells) + " |")
            print()


if __name__ == "__main__":
    main()
