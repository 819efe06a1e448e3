#!/usr/bin/env bash
# realera beside diffusers, as it is and compiled, on a GPU: the whole comparison in under ten minutes.
#
#     pip install torch==2.7.1 diffusers==0.39.0 transformers==4.53.3 peft==0.17.1 accelerate==1.15.0 open_clip_torch==2.32.0 numpy
#     mvn -q -Dquickly package test-compile
#     python scripts/golden/make_random_sd.py sd-random         # random weights of SD v1.4's size will do
#     scripts/bench/gpu.sh sd-random out/gpu --uce unified-concept-editing
#
#   MODEL OUT          a diffusers folder; where gpu.md and gpu.csv go (with 10 GB free)
#   --python PY        the Python with the packages above; else python3. If its torch has the version of realera's libtorch,
#                      realera loads it, too; else it loads (at first: fetches) its own
#   --uce DIR          a clone of UCE's public code; without it, its place says so
#   --device D         cuda or cuda:N; else cuda. With cpu it only shows that every row runs
#   --dtype D          fp16 (else), bf16 or fp32
#   --size N           pixels of the U-Net's picture; else 512
#   --minutes N        when no further row starts; else 9
#   --quick            few repeats and steps: whether every row runs
#
# A row that fails says so, and the others go on. Without a GPU it says that in one line and exits with 3.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
realera=$here/../realera
python=python3 uce="" device=cuda dtype="" size=512 minutes=9 repeats=11 steps=50 alignment=20
positional=()
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p;}' "$0"; }
while (($#)); do
  case $1 in
    -h | --help) usage && exit 0 ;;
    --python) python=${2:?} && shift ;;
    --uce) uce=$(readlink -f "${2:?}") && shift ;;
    --device) device=${2:?} && shift ;;
    --dtype) dtype=${2:?} && shift ;;
    --size) size=${2:?} && shift ;;
    --minutes) minutes=${2:?} && shift ;;
    --quick) repeats=2 steps=2 alignment=2 ;;
    -*) echo "gpu.sh: there is no option $1; see --help" >&2 && exit 2 ;;
    *) positional+=("$1") ;;
  esac
  shift
done
((${#positional[@]} == 2)) || { usage >&2 && exit 2; }
if [[ $device != cpu ]] && ! nvidia-smi -L 2>/dev/null | grep -q '^GPU'; then
  echo "gpu.sh: there is no GPU here: nvidia-smi shows none" >&2 && exit 3
fi
model=$(readlink -f "${positional[0]}")
[[ -f $model/unet/config.json ]] || { echo "gpu.sh: $model is no diffusers folder" >&2 && exit 3; }
[[ -f $here/../../target/test-classes/org/realera/bench/NetworkBench.class ]] ||
  { echo "gpu.sh: build first: mvn -q -Dquickly package test-compile" >&2 && exit 1; }
mkdir -p "${positional[1]}"
out=$(readlink -f "${positional[1]}")
export HF_HUB_OFFLINE=1 PYTHONWARNINGS=ignore

# One libtorch for both, if it can be.
if [[ $device == cpu ]]; then
  dtype=${dtype:-fp32} dtypes=fp32
else
  dtype=${dtype:-fp16} dtypes=fp32,fp16,bf16
  "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' ||
    { echo "gpu.sh: there is a GPU, but the torch of $python can't use it" >&2 && exit 3; }
  export PYTORCH_FLAVOR=cu128
  read -r version library < <("$python" -c 'import os, torch; print(torch.__version__.split("+")[0], os.path.dirname(torch.__file__) + "/lib")')
  if [[ -n $(find "$here/../../target/lib" -name "pytorch-jni-$version-*") ]]; then
    export PYTORCH_VERSION=$version PYTORCH_LIBRARY_PATH=$library
  fi
fi

csv=$out/gpu.csv work=$out/work
rm -f "$csv"
mkdir -p "$work"
peers=("$python" "$here/peers.py")
SECONDS=0

# measure WHAT WHO OPTIONS... -- COMMAND...: options are those of measure.py.
measure() {
  local left=$((minutes * 60 - SECONDS))
  if ((left <= 0)); then
    "$python" "$here/measure.py" note "$csv" "$1" "$2" "left out: $minutes minutes are over"
    return
  fi
  "$python" "$here/measure.py" run "$csv" "$1" "$2" --gpu --limit $((left + 60)) "${@:3}" || true
}

network() { # KIND WHAT [compiled]
  local what="$2, $size x $size, $dtype"
  if [[ ${3:-} == compiled ]]; then
    measure "$what" "diffusers, compiled" --lines "$1" -- "${peers[@]}" "$1" "$model" "$dtype" "$size" "$repeats" --device "$device" --compile
    return
  fi
  measure "$what" realera --lines "$1" -- "$here/networks.sh" "$1" "$model" "$dtype" "$size" "$repeats" "$device"
  measure "$what" diffusers --lines "$1" -- "${peers[@]}" "$1" "$model" "$dtype" "$size" "$repeats" --device "$device"
}

pictures() { # COUNT
  local what="pictures of the model's size, batch of $1, $steps steps, $dtype"
  measure "$what" realera --lines "$1 images" -- "$here/networks.sh" images "$model" "$dtype" "$1" "$steps" "$device" 2
  measure "$what" diffusers --lines "$1 images" -- "${peers[@]}" images "$model" "$dtype" "$1" "$steps" 2 --device "$device"
}

erase() { # WHAT OPTIONS...
  measure "$1" realera --fresh "$work/erased" -- "$realera" erase --model "$model" --anchor sky --device "$device" --dtype "$dtype" \
    --set report.pictures=never --force --out "$work/erased" "${@:2}"
}

"$realera" --version >/dev/null # builds, if need be
limits=$("$python" "$here/limits.py" "$out" --device "$device" --dtypes "$dtypes")
network forward "U-Net forward"
network gradients "LoRA step"
pictures 1
pictures 8
erase "whole erase, $alignment of 200 alignment steps, 1 of 4 pictures to learn from, $dtype" --concept airplane \
  --set alignment.steps="$alignment" --set alignment.images=1 --set alignment.image_steps="$((steps < 30 ? steps : 30))"
hundred="closed form, 100 concepts"
erase "$hundred" --concept-file "$here/concepts.txt" --no-alignment
if [[ -f $uce/trainscripts/uce_sd_erase.py ]]; then
  measure "$hundred" UCE --fresh "$work/peer" -- "$python" "$uce/trainscripts/uce_sd_erase.py" --model_id "$model" \
    --edit_concepts "$(paste -sd ';' "$here/concepts.txt")" --guide_concepts sky --concept_type object --device "$device" \
    --save_dir "$work/peer" --exp_name uce
else
  "$python" "$here/measure.py" note "$csv" "$hundred" UCE "not measured: no --uce"
fi
network forward "U-Net forward" compiled # last: it compiles for a minute or two
network gradients "LoRA step" compiled
rm -rf "$work"
{
  "$python" "$here/measure.py" table "$csv"
  printf '\n%s\n| all of it took | %d s |\n' "$limits" "$SECONDS"
} | tee "$out/gpu.md"
