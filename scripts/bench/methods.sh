#!/usr/bin/env bash
# What each method costs on weights of a real model's size, which may be random:
#     python scripts/golden/make_random_sd.py sd-random
#     scripts/bench/methods.sh sd-random OUT [DTYPE [METHOD...]]
# Closed forms run as they are. A trained method runs 2 and then 12 steps with one picture to learn from; what a step costs is the difference,
# and what all its steps would cost is extrapolated and marked so. The preparation beyond that picture is not in it.
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
printf '| method | steps run | seconds | U-Net passes | peak memory | tensors | seconds of all steps |\n|---|---|---|---|---|---|---|\n' > "$table"

erase() { # METHOD NAME SETTINGS...
  local method=$1 name=$2
  shift 2
  "$here/../realera" erase --model "$model" --method "$method" --concept airplane --anchor sky --dtype "$dtype" \
    --set report.pictures=never "$@" --out "$out/$name" --force || { echo "$method failed" >&2; return 1; }
  cp "$out/$name/realera.json" "$out/$name.json"
  rm -rf "${out:?}/$name"
}

closed() { # METHOD
  erase "$1" "$1" && python3 "$here/method_costs.py" "$1" "$out/$1.json" >> "$table"
}

trained() { # METHOD ALL KEY SETTINGS...
  local method=$1 all=$2 key=$3
  shift 3
  erase "$method" "$method-2" --set "$key=2" "$@" && erase "$method" "$method-12" --set "$key=12" "$@" \
    && python3 "$here/method_costs.py" "$method" "$out/$method-2.json" "$out/$method-12.json" "$all" >> "$table"
}

for method in $methods; do
  case $method in
    realera) trained realera 200 alignment.steps --set alignment.images=1 ;;
    esd-x | esd-u) trained "$method" 1000 steps ;;
    ac) trained ac 100 steps --set images=1 ;;
    spm) trained spm 3000 steps --set warmup_steps=1 ;;
    mace) trained mace 50 lora.steps --set lora.images=1 ;;
    fmn) trained fmn 35 steps --set images=1 ;;
    *) closed "$method" ;;
  esac
done
cat "$table"
