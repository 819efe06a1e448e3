#!/usr/bin/env bash
# How long `realera model info` takes on a file or folder, five times, and how much of it is read from the disk.
#
#   scripts/bench/info.sh sd.safetensors
set -euo pipefail
model=${1:?a model: a folder or a .safetensors file}
here=$(cd "$(dirname "$0")/../.." && pwd)
"$here/scripts/realera" model info "$model" # builds, if need be
TIMEFORMAT='%3R s, %3U s of it computing'
for _ in 1 2 3 4 5; do
  time "$here/scripts/realera" model info "$model" >/dev/null
done
if command -v strace >/dev/null; then
  strace -f -y -e trace=pread64,read -o >(grep -F "$(realpath "$model")" |
    awk -F'= ' '{ bytes += $NF } END { print bytes " bytes read from it" }' >&2) "$here/scripts/realera" model info "$model" >/dev/null
fi
