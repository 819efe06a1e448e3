#!/usr/bin/env bash
# Whether memory and open files stay flat in one process: many pictures of the pocket model, then many closed forms on a miniature
# of Stable Diffusion. Looks at the process each second; the most of the last quarter may not be over that of the second by a tenth
# (memory) or by five (files).
# Build first: mvn -q -Dquickly package test-compile
#
#   scripts/chaos/load.sh [PICTURES] [FORMS]    2,000 and 600 if not given
#   REALERA=...                                 the command, if not scripts/realera
set -euo pipefail
pictures=${1:-2000} forms=${2:-600}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
realera=${REALERA:-scripts/realera}
work=$(mktemp -d "${TMPDIR:-/tmp}/realera-load.XXXXXX")
trap 'rm -rf "$work"' EXIT
export REALERA_CACHE=$work/cache

# watched NAME COMMAND...: runs it, and says whether its memory and files are flat.
watched() {
  local name=$1 pid memory files code=0
  shift
  "$@" >"$work/log" 2>&1 &
  pid=$!
  : >"$work/$name"
  while kill -0 "$pid" 2>/dev/null; do
    memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null || true)
    files=$(find "/proc/$pid/fd" -mindepth 1 2>/dev/null | wc -l || true)
    [[ -z $memory ]] || echo "$memory $files" >>"$work/$name"
    sleep 1
  done
  wait "$pid" || code=$?
  ((code == 0)) || { echo "load.sh: $name ends with $code: $(tail -n 2 "$work/log")" >&2; exit 1; }
  awk -v name="$name" '
    { memory[NR] = $1; files[NR] = $2 }
    END {
      for (i = 1; i <= NR; i++) {
        q = int((i - 1) * 4 / NR)
        if (memory[i] > most[q]) most[q] = memory[i]
        if (files[i] > open[q]) open[q] = files[i]
      }
      printf "%s: memory %d, %d, %d, %d MiB, files %d, %d, %d, %d in the quarters of %d s\n", name,
        most[0] / 1024, most[1] / 1024, most[2] / 1024, most[3] / 1024, open[0], open[1], open[2], open[3], NR
      exit !(NR >= 8 && most[3] <= most[1] * 1.1 && open[3] <= open[1] + 5)
    }' "$work/$name" || { echo "load.sh: $name is not flat, or too short to tell" >&2; exit 1; }
}

watched "$pictures pictures" \
  "$realera" generate -m pocket -p "a photo of the cat" -n "$pictures" --steps 2 --device cpu -o "$work/pictures"
(($(find "$work/pictures" -name '*.png' | wc -l) == pictures))
watched "$forms closed forms" java -Xmx1g -XX:+UseSerialGC -DOPT_OUT_TRACKING=true \
  -cp "${FUZZ_CLASSPATH:-target/test-classes:target/classes:target/lib/*}" org.realera.erase.ManyForms "$forms" "$work/forms"
