#!/usr/bin/env bash
# An evaluation over a Slurm cluster: an array of N shards, and their merge when all have succeeded.
#
#   scripts/slurm/submit.sh OUT N SUITE --model M --concept C [...]
#
# SBATCH_OPTIONS goes to both jobs (partition, account, ...), ARRAY_OPTIONS to the array alone (--gpus-per-task=1,
# --time=4:00:00, ...). Prints the two job ids. The page is OUT/report.html.
set -eu
if [ $# -lt 3 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(dirname "$(dirname "$here")")
out=$1
shards=$2
shift 2
export REALERA=${REALERA:-$root/scripts/realera}
mkdir -p "$out"
# Builds once, here, instead of in every task at the same time.
"$REALERA" --version >/dev/null
# shellcheck disable=SC2086 # options are meant to be split
array=$(sbatch --parsable ${SBATCH_OPTIONS:-} ${ARRAY_OPTIONS:-} --array="1-$shards" --output="$out/shard-%a.log" \
  "$here/eval-array.sbatch" "$out" "$@")
folders=$(for i in $(seq "$shards"); do printf '%q ' "$out/shard-$i"; done)
# shellcheck disable=SC2086
merge=$(sbatch --parsable ${SBATCH_OPTIONS:-} --job-name=realera-merge --dependency="afterok:$array" --output="$out/merge.log" \
  --wrap "$(printf '%q' "$REALERA") eval report $folders --out $(printf '%q' "$out")")
echo "$array $merge"
