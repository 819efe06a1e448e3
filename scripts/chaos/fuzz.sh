#!/usr/bin/env bash
# Reads damaged files of every kind (see src/test/java/org/realera/chaos/Inputs.java) and, where there is a Python with safetensors,
# holds the safetensors reader against the one of the format's authors. Mutants that do harm are kept in target/fuzz.
# Build first: mvn -q -Dquickly package test-compile
#
#   scripts/chaos/fuzz.sh [COUNT] [SEED] [SAFETENSORS]   5,000 of each kind, seed 1 and 100,000 safetensors files if not given
set -euo pipefail
count=${1:-5000} seed=${2:-1} safetensors=${3:-100000}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export FUZZ_CLASSPATH=${FUZZ_CLASSPATH:-target/test-classes:target/classes:target/lib/*}
java -Xmx1g -DOPT_OUT_TRACKING=true -cp "$FUZZ_CLASSPATH" org.realera.chaos.Fuzz "$count" "$seed"
if ((safetensors > 0)); then
  python=${PYTHON:-python3}
  "$python" -c 'import safetensors' 2>/dev/null || {
    echo "fuzz.sh: $python has no safetensors; set PYTHON to one that has, or SAFETENSORS to 0" >&2
    exit 1
  }
  "$python" scripts/chaos/fuzz_safetensors.py "$safetensors" "$seed"
fi
