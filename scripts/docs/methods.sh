#!/usr/bin/env bash
# The comparison of all methods on the pocket model: five classes, 20 pictures of each prompt, synonyms and subtypes. Goes on where it stopped.
#     scripts/docs/methods.sh OUT [METHODS]
# OUT/report.html is the page, OUT/methods.csv the figures, OUT/methods.md the tables for src/docs/results.md and README.md.
set -euo pipefail
out=$1
methods=${2:-all}
here=$(dirname "$(readlink -f "$0")")
"$here/../realera" eval "$here/../../configs/eval/pocket-words.yaml" --model pocket \
  --erase airplane,automobile,bird,cat,ship --methods "$methods" --steps 10 --samples 20 --out "$out"
python3 "$here/methods.py" "$out/methods.csv" > "$out/methods.md"
echo "$out/methods.md"
