#!/usr/bin/env bash
# What each method costs on weights of a real model's size, which may be random:
#     python scripts/golden/make_random_sd.py sd-random
#     scripts/bench/methods.sh sd-random OUT [DTYPE]
# Closed forms run as they are. Trained methods run ten steps, and whoever trains them all multiplies: seconds and passes beyond the
# preparation grow with the steps. "steps" is what was run, so that a table says so. A method that fails is named, and the others go on.
set -uo pipefail
model=$1
out=$2
dtype=${3:-fp32}
realera="$(dirname "$(readlink -f "$0")")/../realera"
closed="uce uce-2023 rece speed oce"
mkdir -p "$out"
table=$out/costs.md
printf '| method | steps | seconds | U-Net passes | peak memory | tensors |\n|---|---|---|---|---|---|\n' > "$table"

measure() { # METHOD STEPS SETTINGS...
  local method=$1 steps=$2
  shift 2
  "$realera" erase --model "$model" --method "$method" --concept airplane --anchor sky --dtype "$dtype" \
    --set report.pictures=never "$@" --out "$out/$method" --force || { echo "$method failed" >&2; return 0; }
  python3 - "$out/$method/realera.json" "$method" "$steps" >> "$table" <<'PY'
import json, sys
manifest = json.load(open(sys.argv[1], encoding="utf-8"))
times = manifest["timings"]
seconds = times["total"] - sum(times.get(stage, 0) for stage in ("open", "pictures", "write"))
memory = times.get("peak_memory_bytes")
print(f"| {sys.argv[2]} | {sys.argv[3]} | {seconds:.1f} | {times.get('unet_passes', 0):,} |",
      f"{memory / 1e9:.2f} GB |" if memory else "- |", f"{len(manifest['results']['write']['tensors'])} |")
PY
  rm -rf "${out:?}/$method"
}

for method in $closed; do
  measure "$method" -
done
measure realera 10 --set alignment.steps=10 --set alignment.images=1 --set alignment.image_steps=10
for method in esd-x esd-u; do
  measure "$method" 10 --set training.steps=10
done
cat "$table"
