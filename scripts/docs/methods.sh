#!/usr/bin/env bash
# The comparison of methods side by side on the pocket model: five classes, 20 pictures of each prompt, 10 steps, synonyms and subtypes.
#     scripts/docs/methods.sh OUT [METHODS]
# METHODS is what --methods takes; all if it is left out. Two shards run at once with a thread each, into OUT-1 and OUT-2, and go on where
# they stopped. OUT/report.html is the page of both, OUT/methods.csv the figures, OUT/methods.md the two tables of src/docs/results.md.
set -euo pipefail
out=$1
methods=${2:-all}
here=$(dirname "$(readlink -f "$0")")
export OMP_NUM_THREADS=1

shard() { # I
  "$here/../realera" eval "$here/../../configs/eval/pocket-words.yaml" --model pocket \
    --erase airplane,automobile,bird,cat,ship --methods "$methods" --steps 10 -n 20 --shard "$1/2" --out "$out-$1"
}

trap 'kill $(jobs -p) 2> /dev/null || true' EXIT # one that is stopped or fails stops the other
shard 1 &
first=$!
shard 2
wait "$first"
"$here/../realera" eval report "$out-1" "$out-2" --out "$out"
python3 "$here/methods.py" "$out/methods.csv" > "$out/methods.md"
echo "$out/methods.md"
