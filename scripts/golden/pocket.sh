#!/usr/bin/env bash
# Makes the reference values of the embedded model anew; run it whenever the pocket weights change (PocketParityTest).
#     PYTHON=venv/bin/python scripts/golden/pocket.sh        with requirements.txt installed; half a minute
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
pocket=src/main/resources/org/realera/pocket
golden=src/test/resources/golden
"${PYTHON:-python3}" scripts/golden/networks.py $pocket/model $golden/pocket.safetensors
"${PYTHON:-python3}" scripts/golden/networks.py $pocket/scorer $golden/pocket-scorer.safetensors --scorer
chmod 644 $golden/pocket.safetensors $golden/pocket-scorer.safetensors
