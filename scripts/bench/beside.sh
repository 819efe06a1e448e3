#!/usr/bin/env bash
# realera beside what users would run instead, by turns (A B A B ...): medians, ratios, and the limits of the machine.
#
#     pip install torch==2.7.1 diffusers==0.39.0 transformers==4.53.3 peft==0.17.1 accelerate==1.15.0 open_clip_torch==2.32.0 numpy
#     mvn -q -Dquickly package test-compile
#     python scripts/golden/make_random_sd.py sd-random         # random weights of SD v1.4's size will do
#     git clone https://github.com/rohitgandikota/unified-concept-editing
#     scripts/bench/beside.sh sd-random out/beside --uce unified-concept-editing
#
#   MODEL OUT          a diffusers folder of SD v1.4's size; where beside.md and beside.csv go (with 10 GB free)
#   --python PY        the Python with the packages above; else python3
#   --uce DIR          a clone of UCE's public code, whose script runs as it is; without it, its place says so
#   --rows A,B         these rows only: forward, forward-bf16, step, step-bf16, delta, folder, hundred, hundred-equal, start, pictures,
#                      help; and erase, which takes three quarters of an hour and runs only if it is named
#   --repeats N        turns of each row; else 3
#
# A row that fails says so, and the others go on. Rows that an earlier run left in OUT stay in the table until they run again.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
realera=$here/../realera
python=python3 uce="" repeats=3
all=forward,forward-bf16,step,step-bf16,delta,folder,hundred,hundred-equal,start,pictures,help
rows=$all
positional=()
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p;}' "$0"; }
while (($#)); do
  case $1 in
    -h | --help) usage && exit 0 ;;
    --python) python=${2:?} && shift ;;
    --uce) uce=$(readlink -f "${2:?}") && shift ;;
    --rows) rows=${2:?} && shift ;;
    --repeats) repeats=${2:?} && shift ;;
    -*) echo "beside.sh: there is no option $1; see --help" >&2 && exit 2 ;;
    *) positional+=("$1") ;;
  esac
  shift
done
for name in ${rows//,/ }; do
  [[ ,$all,erase, == *,$name,* ]] || { echo "beside.sh: there is no row $name; see --help" >&2 && exit 2; }
done
((${#positional[@]} == 2)) || { usage >&2 && exit 2; }
model=$(readlink -f "${positional[0]}")
mkdir -p "${positional[1]}"
out=$(readlink -f "${positional[1]}")
[[ -f $model/unet/config.json ]] || { echo "beside.sh: $model is no diffusers folder" >&2 && exit 3; }
[[ -f $here/../../target/test-classes/org/realera/bench/NetworkBench.class ]] ||
  { echo "beside.sh: build first: mvn -q -Dquickly package test-compile" >&2 && exit 1; }

export HF_HUB_OFFLINE=1 PYTHONWARNINGS=ignore
csv=$out/beside.csv work=$out/work
mkdir -p "$work"
peers=("$python" "$here/peers.py")
uce_script=$uce/trainscripts/uce_sd_erase.py

forget() { "$python" "$here/measure.py" forget "$csv" "$1"; }
note() { "$python" "$here/measure.py" note "$csv" "$@"; }
measure() { "$python" "$here/measure.py" run "$csv" "$@"; }

# turns WHAT PEER OPTIONS...: what the arrays ours and theirs hold, by turns; theirs may be empty. Options are those of measure.py.
turns() {
  local what=$1 peer=$2
  shift 2
  forget "$what"
  if [[ $peer == UCE && ! -f $uce_script ]]; then
    note "$what" UCE "not measured: no --uce"
    theirs=()
  fi
  local i
  for ((i = 0; i < repeats; i++)); do
    measure "$what" realera "$@" -- "${ours[@]}" || return 0
    ((${#theirs[@]} == 0)) || measure "$what" "$peer" "$@" -- "${theirs[@]}" || return 0
    [[ $peer != "cp -r" ]] || measure "$what" "cp -r, sync" "$@" -- sh -c '"$@" && sync' - "${theirs[@]}" || return 0 # as realera does
  done
}

# Runs each once, so that files lie in the page cache and what is compiled or cached on first use is there. What fails here fails
# again in its turn, and is told there.
warm() {
  "${ours[@]}" >/dev/null 2>&1 || true
  "${theirs[@]}" >/dev/null 2>&1 || true
}

has_bf16() { grep -qE 'amx_bf16|avx512_bf16' /proc/cpuinfo 2>/dev/null; }

network() { # KIND WHAT DTYPE
  if [[ $3 == bf16 ]] && ! has_bf16; then
    forget "$2, bf16"
    note "$2, bf16" realera "not measured: this CPU has no bf16"
    return
  fi
  ours=("$here/networks.sh" "$1" "$model" "$3" 512 2 cpu)
  theirs=("${peers[@]}" "$1" "$model" "$3" 512 2)
  turns "$2, $3" diffusers --lines "$1"
}

# closed WHAT PEER FORM OPTIONS...: `erase` without alignment to that form; with the array theirs set.
closed() {
  local what=$1 peer=$2 form=$3
  shift 3
  ours=("$realera" erase --model "$model" --no-alignment --set report.pictures=never --device cpu --force --out "$work/erased" "$@")
  "${ours[@]}" --to delta --set closed_form.sums=expected >/dev/null 2>&1 || true # the prior is cached
  rm -rf "$work/erased"
  ours+=(--to "$form")
  turns "$what" "$peer" --fresh "$work/erased" --fresh "$work/peer"
  rm -rf "$work/erased" "$work/peer"
}

uce() { # CONCEPTS
  theirs=("$python" "$uce_script" --model_id "$model" --edit_concepts "$1" --guide_concepts sky
    --concept_type object --device cpu --save_dir "$work/peer" --exp_name uce)
}

pocket() { [[ -d $work/pocket ]] || "$realera" model convert pocket --to diffusers --out "$work/pocket" >/dev/null 2>&1; }

row() {
  case $1 in
    forward) network forward "U-Net forward, 512 x 512" fp32 ;;
    forward-bf16) network forward "U-Net forward, 512 x 512" bf16 ;;
    step) network gradients "LoRA step, 512 x 512" fp32 ;;
    step-bf16) network gradients "LoRA step, 512 x 512" bf16 ;;
    delta) uce airplane && closed "closed form, one concept, to its changed weights" UCE delta -c airplane -a sky ;;
    folder)
      theirs=(cp -r "$model" "$work/peer")
      closed "closed form, one concept, to a whole folder" "cp -r" diffusers -c airplane -a sky
      ;;
    hundred | hundred-equal)
      uce "$(paste -sd ';' "$here/concepts.txt")"
      if [[ $1 == hundred ]]; then
        closed "closed form, 100 concepts, four prompts each, drawn sums, to a whole folder" UCE diffusers --concept-file "$here/concepts.txt" -a sky
      else
        closed "closed form, 100 concepts, one prompt each, to their changed weights" UCE delta --concept-file "$here/concepts.txt" -a sky \
          --set 'templates=["{}"]' --set closed_form.sums=expected
      fi
      ;;
    start)
      pocket
      ours=("$realera" generate --model pocket --prompt "a photo of a cat" --steps 25 --device cpu --force --out "$work/ours.png")
      theirs=("${peers[@]}" picture "$work/pocket" "$work/theirs.png" 25)
      warm
      turns "cold start to the first pocket picture, 25 steps" diffusers
      ;;
    pictures)
      pocket
      ours=("$here/networks.sh" images "$work/pocket" fp32 32 25 cpu 2)
      theirs=("${peers[@]}" images "$work/pocket" fp32 32 25 2)
      turns "32 pocket pictures, 25 steps" diffusers --lines "32 images"
      ;;
    help)
      ours=("$realera" --help)
      theirs=("${peers[@]}" start)
      warm
      turns "\`--help\`; diffusers' imports" diffusers
      ;;
    erase)
      local dtype=fp32
      ! has_bf16 || dtype=bf16
      ours=("$realera" erase --model "$model" -c airplane -a sky --dtype "$dtype" --device cpu --set report.pictures=never --force --out "$work/erased")
      theirs=()
      repeats=1 turns "whole erase, 200 steps, 512 x 512, $dtype" "" --fresh "$work/erased"
      rm -rf "$work/erased"
      ;;
  esac
}

if ! version=$("$realera" --version 2>&1); then printf '%s\n' "$version" >&2 && exit 1; fi # builds, if need be
load() { cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || uptime | sed 's/.*average[s]*: *//;s/,.*//'; }
before=$(load)
dtypes=fp32
! has_bf16 || dtypes=fp32,bf16
limits=$("$python" "$here/limits.py" "$out" --dtypes "$dtypes")
for name in ${rows//,/ }; do row "$name"; done
{
  "$python" "$here/measure.py" table "$csv"
  printf '\n%s\n' "$limits"
  printf '| load before and after | %s, %s |\n' "$before" "$(load)"
  printf '| realera | %s |\n' "$(tr -s ' \n' ' ' <<<"$version")"
} | tee "$out/beside.md"
