#!/usr/bin/env bash
# What each method costs on weights of a real model's size, which may be random:
#     mvn -q -Dquickly package test-compile
#     python scripts/golden/make_random_sd.py sd-random
#     scripts/bench/methods.sh sd-random OUT [DTYPE [METHOD...]]
# Closed forms run as they are. A trained method runs 2 and 12 steps, with one picture, short walks and small batches. The ten steps between
# give the seconds of a pass with gradients, networks.sh those of a pass without, and the passes that "erase --dry-run" tells of the published
# recipe make the hours of a whole run: extrapolated, and marked so.
# A method that fails is named, and the others go on. OUT/costs.md is the table.
set -uo pipefail
model=$1
out=$2
dtype=${3:-fp32}
shift $(($# < 3 ? $# : 3))
methods=${*:-uce uce-2023 rece speed oce realera esd-x esd-u ac spm mace fmn}
here=$(dirname "$(readlink -f "$0")")
table=$out/costs.md
mkdir -p "$out"

"$here/networks.sh" forward "$model" "$dtype" 512 4 > "$out/forward.txt" || exit 1
cat "$out/forward.txt"
printf '| method | measured | seconds | of a pass with gradients | peak memory | tensors | passes of a whole run, without + with gradients | hours of it |\n' > "$table"
printf '|---|---|---|---|---|---|---|---|\n' >> "$table"

erase() { # METHOD NAME SETTINGS...
  local method=$1 name=$2
  shift 2
  local line=("$here/../realera" erase --model "$model" --method "$method" --concept airplane --anchor sky --dtype "$dtype"
    --set report.pictures=never --no-check "$@" --out "$out/$name" --force)
  "${line[@]}" --dry-run > "$out/$name.txt" && "${line[@]}" || { echo "$method failed" >&2; return 1; }
  cp "$out/$name/realera.json" "$out/$name.json"
  rm -rf "${out:?}/$name"
}

closed() { # METHOD
  erase "$1" "$1" && python3 "$here/method_costs.py" "$out" "$1" >> "$table"
}

trained() { # METHOD KEY SETTINGS...
  local method=$1 key=$2
  shift 2
  "$here/../realera" erase --model "$model" --method "$method" --concept airplane --anchor sky --dry-run > "$out/$method.txt" \
    && erase "$method" "$method-2" --set "$key=2" "$@" && erase "$method" "$method-12" --set "$key=12" "$@" \
    && python3 "$here/method_costs.py" "$out" "$method" >> "$table"
}

for method in $methods; do
  case $method in
    realera) trained realera alignment.steps --set alignment.images=1 --set alignment.image_steps=2 ;;
    esd-x | esd-u) trained "$method" steps --set sampler_steps=3 ;;
    ac) trained ac steps --set images=1 --set image_steps=2 --set batch=1 ;;
    spm) trained spm steps --set warmup_steps=1 --set sampler_steps=3 --set anchors=1 ;;
    mace) trained mace lora.steps --set lora.images=1 --set lora.image_steps=2 ;;
    fmn) trained fmn steps --set images=1 --set image_steps=2 ;;
    sa)
      trained sa steps --set images=1 --set replay_images=1 --set image_steps=2 --set fisher_timesteps=1 --set batch=1
      ;;
    *) closed "$method" ;;
  esac
done
cat "$table"
