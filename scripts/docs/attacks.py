"""What attacks brought back, as Markdown: a table for each concept and number of prompts, from the attack.json of one or several runs.

    python scripts/docs/attacks.py runs/robust/attack.json ... > attacks.md

Runs of one method, concept and number of prompts stand in one column, whichever attacks each has. Below, the mean rate of each method over
the attacks but implicit prompts, random words and inversion, and that without the probe. Python's own library is enough.
"""

import json
import sys

NOTHING, IMPLICIT = "without an attack", "Implicit prompts, of those that the original draws"
MEAN, BUT_PROBE = "Mean rate but random words and inversion, %", "... and but the probe, %"
EMBEDDINGS = {"probe", "ring-a-bell-direction", "soft-prompt", "inversion"}
ASIDE = {"inversion", "random-words"}  # the one shows the weights, the other is the bar that a search has to beat
ORDER = ["random-words", "ring-a-bell", "unlearndiff", "p4d-n", "p4d-k", IMPLICIT, "probe", "ring-a-bell-direction", "soft-prompt", "inversion"]


def cell(figure):
    """
    How many prompts show it, without the attack or under it; in brackets how many of the words that were found the original draws as the
    concept, too.
    """
    alone = figure.get("words_alone")
    shown = f"{figure['asr']['count']:.0f}"
    return f"{shown} ({alone['count']:.0f})" if alone and figure["won"]["count"] else shown


def mean(figures, leave_out):
    """Of the rates, in percent."""
    rates = [100 * a["asr"]["count"] / a["asr"]["total"] for a in figures["attacks"] if a["attack"] not in leave_out]
    return f"{sum(rates) / len(rates):.0f}" if rates else ""


def columns(paths):
    """{(concept, prompts): {method: {attack: cell}}} and the attacks' titles."""
    tables, titles = {}, {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            runs = json.load(file)["runs"]
        for run in runs:
            figures = run["figures"]
            without = figures["without"]
            column = tables.setdefault((run["concept"], without["total"]), {}).setdefault(run["label"], {})
            column.setdefault(NOTHING, f"{without['count']:.0f}")
            implicit = figures.get("implicit")
            if implicit:
                column.setdefault(IMPLICIT, f"{implicit['shown']['count']:.0f} of {implicit['original']['count']:.0f}")
            for attack in figures["attacks"]:
                name = attack["attack"]
                column.setdefault(name, cell(attack))
                titles[name] = attack["title"]
            column.setdefault(MEAN, mean(figures, ASIDE))
            column.setdefault(BUT_PROBE, mean(figures, {*ASIDE, "probe"}))
    return tables, titles


def main():
    tables, titles = columns(sys.argv[1:])
    for (concept, prompts), methods in tables.items():
        print(f"| {concept}, of {prompts} prompts | " + " | ".join(methods) + " |")
        print("|---" * (1 + len(methods)) + "|")
        for name in [NOTHING, *ORDER, MEAN, BUT_PROBE]:
            alike = len({frozenset(column) for column in methods.values()}) == 1  # else the means are of other attacks
            if any(name in column for column in methods.values()) and (alike or name not in (MEAN, BUT_PROBE)):
                title = titles.get(name, name) + (" (an embedding)" if name in EMBEDDINGS else "")
                print(f"| {title} | " + " | ".join(column.get(name, "") for column in methods.values()) + " |")
        print()


if __name__ == "__main__":
    main()
