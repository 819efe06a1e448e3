#!/usr/bin/env bash
# Kills erase, eval and convert with SIGKILL at random times and lets them go on, again and again: after each kill the
# output is absent, the old one or the new one, whole; in the end it is the same, to the byte, as that of a run nobody
# disturbed, and nothing else is left beside it.
#
#   scripts/chaos/kill.sh [KILLS] [SEED]      200 kills and seed 1 if not given; the seed decides what is killed, and when
#   REALERA=...                               the command, if not scripts/realera
#
# Ctrl-C or SIGTERM ends it after the output that it is at.
set -euo pipefail
kills=${1:-200} seed=${2:-1}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
realera=${REALERA:-$root/scripts/realera}
tiny=$root/src/test/resources/golden/tiny-sd
work=$(mktemp -d "${TMPDIR:-/tmp}/realera-kill.XXXXXX")
trap 'rm -rf "$work"' EXIT
export REALERA_CACHE=$work/cache
RANDOM=$seed

fail() {
  printf 'kill.sh: %s\n' "$1" >&2
  trap - EXIT
  printf 'kill.sh: all of it is kept in %s\n' "$work" >&2
  exit 1
}

# What an output holds, but for the seconds that a run took.
digest() {
  (
    cd "$1"
    find . -type f | LC_ALL=C sort | while IFS= read -r file; do
      printf '%s ' "$file"
      case $file in
        */realera.json) sed '/"timings"/,$d' "$file" | sha256sum ;;
        *) sha256sum <"$file" ;;
      esac
    done
  ) | sha256sum
}

# command CASE OUT: sets words to a command that writes OUT.
command_of() {
  case $1 in
    erase | erase-replacing) words=(erase -m "$tiny" --config "$root/scripts/chaos/tiny.yaml" --device cpu --out "$2") ;;
    eval) words=(eval "$root/scripts/chaos/three.yaml" -m pocket --device cpu --out "$2") ;;
    convert-folder | convert-replacing) words=(model convert "$tiny" --to diffusers --dtype fp16 --out "$2") ;;
    convert-file) words=(model convert pocket --to single-file --out "$2/model.safetensors") ;;
  esac
}

# What is there before the command runs, and is replaced by it.
prepare() {
  case $1 in *-replacing) cp -r "$work/old" "$2" ;; esac
}

now() { date +%s%N; }

cases=(erase erase-replacing eval convert-folder convert-replacing convert-file)
declare -A whole took # of undisturbed runs
mkdir "$work/undisturbed"
"$realera" erase -m "$tiny" --config "$root/scripts/chaos/tiny.yaml" --no-alignment --seed 5 --device cpu --out "$work/old" >/dev/null 2>&1 ||
  fail "the run that makes the old model failed"
old=$(digest "$work/old")
for case in "${cases[@]}"; do
  out=$work/undisturbed/$case
  prepare "$case" "$out"
  command_of "$case" "$out"
  case $case in *-replacing) words+=(--force) ;; esac
  start=$(now)
  "$realera" "${words[@]}" >"$work/log" 2>&1 || fail "$case fails undisturbed: $(tail -n 2 "$work/log")"
  took[$case]=$((($(now) - start) / 1000000))
  whole[$case]=$(digest "$out")
  printf '%-18s %6d ms undisturbed\n' "$case" "${took[$case]}"
done

declare -A phases
done_kills=0 rounds=0
trap 'kills=$done_kills' INT TERM # ends after this round, and says what was done so far
while ((done_kills < kills)); do
  case=${cases[rounds % ${#cases[@]}]}
  rounds=$((rounds + 1))
  folder=$work/round
  rm -rf "$folder" && mkdir "$folder"
  out=$folder/out
  prepare "$case" "$out"
  resume=()
  tries=0
  while :; do
    command_of "$case" "$out"
    case $case in *-replacing) words+=(--force) ;; esac
    words+=(${resume[@]+"${resume[@]}"})
    # The last of some tries is let through.
    if ((done_kills < kills && tries < 4)); then
      case $case in convert*) from=600 ;; *) from=200 ;; esac # before that, Java starts
      wait=$((took[$case] * (from + RANDOM % (1050 - from)) / 1000))
    else
      wait=-1
    fi
    tries=$((tries + 1))
    start=$(now)
    "$realera" "${words[@]}" >"$work/log" 2>&1 &
    pid=$!
    if ((wait >= 0)); then
      sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
      kill -9 "$pid" 2>/dev/null || true
    fi
    code=0
    wait "$pid" 2>/dev/null || code=$?
    while kill -0 "$pid" 2>/dev/null; do # a signal to this script ends a wait, too
      code=0
      wait "$pid" 2>/dev/null || code=$?
    done
    state="" phase=start
    for state in "$out.state" "$folder/.out.writing" "$out/.model.safetensors.writing"; do
      [[ ! -e $state ]] || phase=working
      [[ ! -e $state/alignment.safetensors ]] || phase=aligning
      [[ ! -e $state/output ]] || phase=writing
      [[ ! -e $state/replaced ]] || phase=renaming
    done
    [[ $case != eval || ! -e $out/run.json ]] || phase=working
    [[ $case != eval || ! -e $out/images.csv ]] || phase=writing
    if ((code == 137)); then
      done_kills=$((done_kills + 1))
      phases[$case $phase]=$((${phases[$case $phase]:-0} + 1))
      case $case in
        erase* | convert-folder | convert-replacing)
          if [[ -e $out && $phase != start ]]; then
            found=$(digest "$out")
            [[ $found == "$old" || $found == "${whole[$case]}" ]] || fail "$case: killed after $wait ms, $out is neither old nor new"
          fi
          ;;
      esac
      case $case in erase) resume=(--resume) ;; esac
      # A new file or folder may be there already: killed after its commit.
      case $case in
        convert-f*) [[ ! -e $out || -z $(ls "$out" 2>/dev/null) ]] || resume=(--force) ;;
      esac
    elif ((code == 0)); then
      ((tries > 1)) || took[$case]=$((($(now) - start) / 1000000)) # the machine may be busier, or less so
      break
    else
      fail "$case: after a kill it ends with $code: $(tail -n 2 "$work/log")"
    fi
  done
  [[ $(digest "$out") == "${whole[$case]}" ]] || fail "$case: not the same bytes as undisturbed"
  left=$(cd "$folder" && find . -mindepth 1 -maxdepth 1 ! -name out)
  [[ -z $left ]] || fail "$case: $left is left behind"
  left=$(find "$out" -name '*.tmp' -o -name '*.writing' -o -name '*.state')
  [[ -z $left ]] || fail "$case: $left is left behind"
done
for phase in "${!phases[@]}"; do
  printf '%-28s %4d kills\n' "$phase" "${phases[$phase]}"
done | LC_ALL=C sort
printf '%d kills of seed %d, %d outputs, each the same bytes as undisturbed\n' "$done_kills" "$seed" "$rounds"
