#!/usr/bin/env bash
# Do two builds of realera do the same? Runs the same commands with both and compares every byte that they write.
#
#   scripts/check/same_outputs.sh OLD NEW                       all, a quarter of an hour or more
#   scripts/check/same_outputs.sh --quick ../before .           the most telling part, under a minute of computing each
#   scripts/check/same_outputs.sh --only 'help-*' OLD NEW       prints these items only; what they need runs, too
#
# OLD, NEW    a realera command, or a folder with bin/realera (an unpacked release) or scripts/realera (a checkout)
# --quick     leaves out named recipes, variants, interruption, campaigns and most of convert and eval
# --only G    runs the groups whose items match the glob G, and compares these; repeats
# --jobs N    groups of commands at a time; default 2
# --work DIR  where the outputs go, and stay: DIR/old and DIR/new. Default: a temporary folder, kept if anything differs
# --reuse     take DIR/old as it is, if it is complete: for one OLD and many a NEW (with the same other options)
# --expect F  differences that are meant, one a line: a glob of ITEM/FILE, a space and the reason; # begins a remark
# --list      print the items of the run and stop
#
# Prints a line for each item, i.e. a command and all that it wrote: stdout, stderr, exit code, and files with their modes.
# Exits 1 if any differs and was not expected, 2 if the run itself failed. Models and recipes are those of this checkout
# for both, except the recipes that are named. Both run in a folder of the same path, through a link of the same name,
# with caches of their own, one thread and no network.
#
# Not compared, because no two runs agree in them: on stderr the lines of progress ("TASK: 3/12 (1.0 s)") and the step after
# which a resumed run goes on; durations in text and HTML ("1.0 s"); in JSON the numbers within "timings" and those named
# "seconds", and the order of the keys of realera.json's "write", also in the copy of it that a single file carries.
# Pictures and tensors count to the last bit.
# Needs python3, of which nothing but the standard library.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here root=${here%/scripts/check}
readonly golden=$root/src/test/resources/golden helper=$here/same_outputs.py
readonly tiny=$golden/tiny-sd tiny2=$golden/tiny-sd2

die() {
  printf 'same_outputs: %s\n' "$1" >&2
  exit 2
}

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

# launcher PATH: the absolute path of its realera command.
launcher() {
  local path=$1 name
  if [[ -d $path ]]; then
    for name in bin/realera scripts/realera; do
      [[ ! -x $path/$name ]] || { path=$path/$name && break; }
    done
  fi
  [[ -f $path && -x $path ]] || die "$1 is neither a realera command nor a folder with bin/realera or scripts/realera"
  printf '%s/%s\n' "$(cd "$(dirname "$path")" && pwd)" "$(basename "$path")"
}

# item NAME ARGUMENTS: runs realera in the run folder; what it prints goes to NAME/. Outputs belong into NAME/, too.
item() {
  local name=$1 code=0
  shift
  if [[ -n $listing ]]; then
    echo "$name"
    return
  fi
  mkdir -p "$name"
  printf '%s\n' "realera $*" >"$name/command"
  "$run/bin/realera" "$@" >"$name/stdout" 2>"$name/stderr" </dev/null || code=$?
  echo "$code" >"$name/code"
}

# full NAME ARGUMENTS: an item that --quick leaves out.
full() { [[ -n $quick ]] || item "$@"; }

erase() { # NAME MODEL ARGUMENTS
  item "$1" erase --model "$2" --out "$1/out" "${@:3}"
}

# ---- The groups: independent of each other, so that they run side by side.

group_help() {
  local command
  item help --help
  item help-erase erase --help
  for command in generate eval "eval ablation" "eval report" "eval score" scope \
    model "model list" "model info" "model pull" "model convert"; do
    # shellcheck disable=SC2086 # words
    full "help-${command// /-}" $command --help
  done
  full help-no-command
  full help-command help erase
  full version --version
}

group_plans() {
  local recipe
  item plan-pocket erase -m pocket -c airplane -a sky --dry-run --out plan/out
  item plan-json erase -m "$tiny" -c man=day -c night=house --preserve love --config small.yaml --dry-run --json --out plan/out
  for recipe in object celebrity style explicit pocket; do
    full "plan-$recipe" erase -m "$tiny" -c man -a day --recipe "$recipe" --dry-run --json --out plan/out
  done
  full plan-paper erase -m "$tiny" -c man -a day --paper --no-mining --no-beyond --no-alignment --dry-run --out plan/out
}

group_errors() {
  item error-option erase --conzept man
  item error-word erase -m "$tiny" -c airplane -a sky --out error-word/out
  full error-model generate -m no/such/folder -p "a cat" --out error-model/out.png
  full error-recipe erase -m "$tiny" -c man -a day --config "$golden/ddim.json" --out error-recipe/out
  full error-damaged model info "$here/same_outputs.py"
  full error-suite eval no-such-suite -m pocket --out error-suite/out
  full error-anchor erase -m "$tiny" -c man --out error-anchor/out
  full error-form model convert "$tiny" --to gguf --out error-form/out
}

group_show() {
  item info-tiny model info "$tiny" --json
  item scope-json scope -m pocket -c airplane -a sky --prompt "a photo of the jet" --json --out scope-json/scope.html
  full info-pocket model info pocket
  full info-pocket-json model info pocket --json
  full info-tiny2 model info "$tiny2"
  full list model list
  full list-json model list --json
  full scope-text scope -m pocket -c cat -c dog
  full scope-recipe scope -m "$tiny" -c man -a day --config object --out scope-recipe/scope.html
}

group_tiny() {
  erase erase-tiny "$tiny" -c man -a day --config small.yaml
  [[ -z $quick ]] || return 0
  erase erase-tiny2 "$tiny2" -c man -a day --config small.yaml
  item info-erased model info erase-tiny/out --json
  item info-diff model info erase-tiny/out --diff "$tiny" --json
  item error-exists erase -m "$tiny" -c man -a day --config small.yaml --out erase-tiny/out
  item convert2-single model convert erase-tiny2/out --to single-file --out convert2-single/model.safetensors
  item convert2-back model convert convert2-single/model.safetensors --to diffusers --out convert2-back/out
}

group_variants() {
  [[ -z $quick ]] || return 0
  erase erase-two "$tiny" -c man=day -c night=house --preserve love --preserve music --config small.yaml --json
  erase erase-paper "$tiny" -c man -a day --config small.yaml --paper
  erase erase-no-mining "$tiny" -c man -a day --config small.yaml --no-mining
  erase erase-no-beyond "$tiny" -c man -a day --config small.yaml --no-beyond
  erase erase-no-alignment "$tiny" -c man -a day --config small.yaml --no-alignment --seed 7 --verbose
}

group_recipes() {
  local recipe
  [[ -z $quick ]] || return 0
  for recipe in object celebrity style explicit pocket; do
    erase "recipe-$recipe" "$tiny" -c man -a day --recipe "$recipe"
  done
}

# The item `resumed` has the output of the interrupted run; the one `whole` that of the same run undisturbed.
group_resume() {
  [[ -z $quick ]] || return 0
  erase whole "$tiny" -c man -a day --config long.yaml
  if [[ -z $listing ]]; then
    mkdir -p resumed interrupted # the latter is not compared: nobody knows how far it came
    "$helper" interrupt resumed/out.state/alignment.safetensors "$run/bin/realera" erase -m "$tiny" -c man -a day \
      --config long.yaml --out resumed/out >interrupted/stdout 2>interrupted/stderr || die "no run could be interrupted: see $run/interrupted"
  fi
  item resumed erase -m "$tiny" -c man -a day --config long.yaml --out resumed/out --resume
  # Of the resumed run all but the report of the way there is that of the undisturbed one.
  [[ -n $listing ]] || "$helper" weights whole/out resumed/out >resumed/weights || true
}

group_pocket() {
  local form
  erase erase-pocket pocket -c airplane -a sky --config small.yaml --json
  for form in single-file kohya; do
    item "convert-$form" model convert erase-pocket/out --to "$form" --json --out "convert-$form/model.safetensors"
  done
  item generate generate -m erase-pocket/out -p "a photo of the airplane" -p "a photo of the dog" -n 2 --steps 3 --json \
    --out generate/sheet.png
  [[ -z $quick ]] || return 0
  for form in delta lora; do
    item "convert-$form" model convert erase-pocket/out --to "$form" --json --out "convert-$form/model.safetensors"
  done
  item convert-fp16 model convert erase-pocket/out --to diffusers --dtype fp16 --out convert-fp16/out
  item convert-back model convert convert-single-file/model.safetensors --to diffusers --out convert-back/out
  item convert-lora4 model convert erase-pocket/out --to lora --rank 4 --dtype fp16 --out convert-lora4/model.safetensors
  item generate-folder generate -m pocket -p "a photo of the cat" -n 2 --steps 2 --seed 5 --guidance 2 --negative-prompt sky \
    --size 64x64 --out generate-folder/out/
  item generate-file generate -m convert-single-file/model.safetensors -p "a photo of the cat" --steps 2 --out generate-file/cat.png
  item error-base model convert "$tiny" --to delta --out error-base/model.safetensors
}

group_eval() {
  item eval-subtypes eval "$root/configs/eval/pocket-subtypes.yaml" -m pocket -c airplane -n 1 --steps 2 --out eval-subtypes/out
  [[ -z $quick ]] || return 0
  item eval-cifar10 eval cifar10 -m pocket -n 1 --steps 2 --out eval-cifar10/out --json
  item eval-again eval cifar10 -m pocket -n 1 --steps 2 --out eval-cifar10/out
  item eval-shard1 eval cifar10 -m pocket -c cat -n 1 --steps 2 --shard 1/2 --out eval-shard1/out
  item eval-shard2 eval cifar10 -m pocket -c cat -n 1 --steps 2 --shard 2/2 --out eval-shard2/out
  item eval-merged eval report eval-shard1/out eval-shard2/out --out eval-merged/out
  item eval-baseline eval cifar10 -m pocket -c cat -n 1 --steps 2 --guidance 2 --label other --baseline pocket --out eval-baseline/out
  item eval-report eval report eval-cifar10/out eval-merged/out --out eval-report/out --json
  item score-clip eval score clip eval-cifar10/out/images --with pocket --out score-clip/out
  item score-nudenet eval score nudenet "$golden/photographs" --with "$golden/nudenet/tiny.onnx" --out score-nudenet/out --json
}

group_campaign() {
  [[ -z $quick ]] || return 0
  item campaign eval cifar10 -m pocket --erase cat,ship --recipe least.yaml -n 1 --steps 1 --out campaign/out
  item ablation eval ablation -m pocket -c cat --recipe least.yaml -n 1 --steps 1 --no-sweeps --out ablation/out --json
}

# The longest first.
readonly groups="campaign pocket eval recipes resume variants tiny plans show errors help"

# ---- A run

recipes() {
  local least="mining: {samples: 4}
beyond: {samples: 6}
closed_form: {prior_prompts: 30}"
  cat >small.yaml <<END
$least
alignment: {steps: 6, images: 1, image_steps: 2, checkpoint_every: 2, learning_rate: 1e-3}
report: {pictures: always, seeds: 1, steps: 1}
END
  sed 's/steps: 6/steps: 60/' small.yaml >long.yaml
  sed 's/steps: 6/steps: 2/;s/always/never/' small.yaml >least.yaml
}

# The groups that have an item to be compared.
wanted_groups() {
  local group name glob
  for group in $groups; do
    for name in $(listing=yes "group_$group"); do
      for glob in "${only[@]}"; do
        # shellcheck disable=SC2053 # a glob
        [[ $name != $glob ]] || { echo "$group" && continue 3; }
      done
    done
  done
}

# run_side NAME LAUNCHER: all groups with one build, into work/NAME.
run_side() {
  local group began=$SECONDS failed="" running=()
  rm -rf "$run" "${work:?}/$1"
  mkdir -p "$run/bin"
  ln -s "$2" "$run/bin/realera"
  cd "$run"
  recipes
  # Unpacks the model that is built in, and builds, if need be: once, before the groups.
  "$run/bin/realera" model info pocket >first.log 2>&1 ||
    die "$2 does not even start; it said: $(tail -n 3 first.log)"
  for group in $(wanted_groups); do
    while [[ $(jobs -pr | wc -l) -ge $jobs ]]; do wait -n || failed=yes; done
    "group_$group" &
    running+=($!)
  done
  for group in "${running[@]}"; do wait "$group" || failed=yes; done
  [[ -z $failed ]] || die "a group of commands failed"
  cd "$root"
  rm -rf "$run/first.log" "$run/bin"
  mv "$run" "$work/$1"
  printf '%s: ran in %d s\n' "$1" $((SECONDS - began)) >&2
}

quick="" jobs=2 work="" reuse="" expect="" list="" listing="" only=()
while [[ ${1:-} == -* ]]; do
  case $1 in
    --quick) quick=yes ;;
    --reuse) reuse=yes ;;
    --list) list=yes ;;
    --only) only+=("${2:?a glob of items}") && shift ;;
    --jobs) jobs=${2:?a number} && shift ;;
    --work) work=${2:?a folder} && shift ;;
    --expect) expect=${2:?a file} && shift ;;
    -h | --help) usage && exit ;;
    *) die "$1 is no option: see --help" ;;
  esac
  shift
done
[[ ${#only[@]} -gt 0 ]] || only=("*")
if [[ -n $list ]]; then
  for group in $groups; do (listing=yes "group_$group"); done
  exit
fi
[[ $# == 2 ]] || die "give two builds, OLD and NEW: see --help"
[[ -z $expect || -r $expect ]] || die "cannot read $expect"
[[ -z $reuse || -n $work ]] || die "--reuse needs --work"
old=$(launcher "$1")
new=$(launcher "$2")
temporary=""
if [[ -z $work ]]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/same_outputs.XXXXXX")
  temporary=yes
fi
mkdir -p "$work"
work=$(cd -P "$work" && pwd)
run=$work/run

# Nothing of the user's own enters: neither settings, nor models, nor the network.
unset REALERA_MODEL REALERA_JAVA_OPTS HF_HOME HF_TOKEN COLUMNS
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 REALERA_DEVICE=cpu REALERA_TORCH=cpu REALERA_CACHE=$run/cache HF_HUB_CACHE=$run/hub
export HF_HUB_OFFLINE=1 LC_ALL=C.UTF-8 TERM=dumb

if [[ -n $reuse && -d $work/old ]]; then
  printf 'old: as it is in %s\n' "$work/old" >&2
else
  run_side old "$old"
fi
run_side new "$new"
code=0
"$helper" compare "$work/old" "$work/new" ${expect:+--expect "$expect"} "${only[@]/#/--only=}" || code=$?
if [[ -n $temporary ]]; then
  if [[ $code == 0 ]]; then rm -rf "$work"; else echo "both are in $work"; fi
fi
exit "$code"
