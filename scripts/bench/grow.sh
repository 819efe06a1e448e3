#!/usr/bin/env bash
# How the cost of an erasure grows with concepts and samples, and that of drawing with pictures: scripts/bench/grow.sh MODEL OUT [PART...]
# Parts are concepts, samples and pictures; else all. MODEL is a diffusers folder; pictures are the pocket model's. Erasures are closed forms
# written as their changed weights, with the prior cached. OUT/grow.md is the table, OUT/grow.csv the single times.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
model=${1:?a model folder} out=${2:?a folder for the table}
shift 2
mkdir -p "$out"
csv=$out/grow.csv work=$out/grow-work

measure() { # WHAT COMMAND...
  python3 "$here/measure.py" forget "$csv" "$1"
  python3 "$here/measure.py" run "$csv" "$1" realera --fresh "$work" -- "${@:2}" || true
}
erase() { # WHAT OPTIONS...
  measure "$1" "$here/../realera" erase --model "$model" --anchor sky --no-alignment --set report.pictures=never --to delta --out "$work" "${@:2}"
}

concepts() {
  local list=$out/concepts.txt end count
  # Word for word, so that the first hundred are concepts.txt itself.
  { cat "$here/concepts.txt" && for end in toy park show king star farm shop lake wood; do sed "s/$/ $end/" "$here/concepts.txt"; done; } >"$list.all"
  for sums in drawn expected; do
    for count in 1 10 100 1000; do
      head -n "$count" "$list.all" >"$list"
      erase "$count concepts, sums $sums" --concept-file "$list" --set closed_form.sums=$sums
    done
  done
}
samples() {
  local neighbors
  for neighbors in 20 200 2000; do # and ten times as many beyond, as in the recipe
    erase "1 concept, $neighbors neighbors and $((neighbors * 10)) points beyond, drawn" -c airplane \
      --set closed_form.sums=drawn --set mining.samples=$neighbors --set beyond.samples=$((neighbors * 10))
  done
  erase "1 concept, sums expected" -c airplane --set closed_form.sums=expected
}
pictures() {
  local count
  for count in 1 8 32 128; do
    measure "pocket pictures, 25 steps: $count" "$here/../realera" generate -m pocket -p "a photo of a cat" --steps 25 -n "$count" --out "$work"
  done
}

"$here/../realera" --version >/dev/null # builds, if need be
for part in ${*:-concepts samples pictures}; do
  [[ $part == pictures ]] || "$here/../realera" erase -m "$model" -c airplane -a sky --no-alignment --set report.pictures=never --to delta \
    --force --out "$work" >/dev/null 2>&1 || true # the prior is cached
  "$part"
done
rm -rf "$work"
python3 "$here/measure.py" table "$csv" | tee "$out/grow.md"
