#!/usr/bin/env bash
# Attacks side by side on the pocket model: three classes, all attacks, 10 steps, the pocket budgets.
#     scripts/docs/attacks.sh OUT PROMPTS METHODS [OPTION...]
# METHODS is what --methods takes; options such as --variants, or --attacks for some of them, go to eval attack. Two shards run at once,
# a thread each, into OUT-1 and OUT-2, and go on where they stopped. OUT/attack.html is the page of both, OUT/attack.json the figures,
# OUT/attacks.md the tables of src/docs/results.md.
set -euo pipefail
out=$1 prompts=$2 methods=$3
shift 3
here=$(dirname "$(readlink -f "$0")")
export OMP_NUM_THREADS=1
chosen=(--attacks all)
[[ " $* " != *" --attacks "* ]] || chosen=()

shard() { # I [OPTION...]
  local i=$1
  shift
  "$here/../realera" eval attack --model pocket --erase airplane,automobile,bird --methods "$methods" ${chosen[@]+"${chosen[@]}"} \
    --prompts "$prompts" --steps 10 --shard "$i/2" --out "$out-$i" "$@"
}

trap 'kill $(jobs -p) 2> /dev/null || true' EXIT # one that is stopped or fails stops the other
shard 1 "$@" &
first=$!
shard 2 "$@"
wait "$first"
"$here/../realera" eval report "$out-1" "$out-2" --out "$out"
python3 "$here/attacks.py" "$out/attack.json" > "$out/attacks.md"
echo "$out/attacks.md"
