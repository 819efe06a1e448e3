#!/usr/bin/env bash
# Makes the pocket model, from npm packages to the finished folder. Needs node, npm and Python 3.11; many hours on two cores (the U-Net alone: 0.6 s a step of 16 on one).
# usage: scripts/pocket/make.sh [WORK_DIR]     (default: runs/pocket; every step that is already there is skipped)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "${1:-$root/runs/pocket}"
work=$(cd "${1:-$root/runs/pocket}" && pwd)
out=$root/src/main/resources/org/realera/pocket
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)}

if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q -r "$here/requirements.txt"
fi
py() { (cd "$here" && "$work/venv/bin/python" "$@"); }
did() { [ -e "$work/done-$1" ] || return 1; }
end() { touch "$work/done-$1"; }

if ! did icons; then
  mkdir -p "$work/npm"
  cp "$here/package.json" "$here/render_icons.mjs" "$work/npm/"
  py world.py > "$work/npm/wanted.json"
  (cd "$work/npm" && npm install --no-fund --no-audit && node render_icons.mjs wanted.json "$work/icons")
  end icons
fi
did text || { py train_text.py --icons "$work/icons" --out "$work/model"; end text; }
did vae || { py train_vae.py --icons "$work/icons" --out "$work/model"; end vae; }
did data || { py make_dataset.py --icons "$work/icons" --out "$work/data" --steady --seed 202; end data; }
py train_unet.py --data "$work/data" --model "$work/model" --out "$work/unet" --ema 0.998 --others 0.5  # resumes by itself
did sharpen || { py train_vae.py --icons "$work/icons" --out "$work/model" --init "$work/model/vae" --decoder-only --steps 3000 --seed 12; end sharpen; }
did scorer || { py train_scorer.py --icons "$work/icons" --out "$work/model" --vae "$work/model/vae"; end scorer; }
py export.py --model "$work/model" --unet "$work/unet/unet" --out "$out"
py measure.py "$out" --out "$work/figures.json" --samples "$root/src/docs/pocket-samples.png"
py export.py --model "$work/model" --unet "$work/unet/unet" --out "$out" --figures "$work/figures.json"
py card.py "$out"
py check_pipeline.py "$out/model"
