#!/usr/bin/env python3
"""Does ComfyUI load what realera writes, and compute with it what diffusers computes with the folder?

    git clone https://github.com/Comfy-Org/ComfyUI && git -C ComfyUI checkout a125cd84b054a57729b5eecab930ca9408719832
    pip install -r scripts/check/requirements.txt
    python scripts/golden/make_random_sd.py sd-random
    realera erase -m sd-random -c airplane -a sky --no-alignment --out erased
    realera model convert erased --to single-file --out erased.safetensors
    python scripts/check/comfyui.py ComfyUI erased erased.safetensors

    python scripts/check/comfyui.py ComfyUI erased erased.safetensors --save saved.safetensors
    realera model info saved.safetensors --diff erased                        # says that all values are the same

    realera model convert sd-random --to single-file --out base.safetensors
    realera model convert erased --to kohya --rank 64 --out kohya.safetensors --json > kohya.json
    python scripts/check/comfyui.py ComfyUI erased base.safetensors --base sd-random --lora kohya.safetensors kohya.json

    python scripts/check/same_tensors.py --original sd21.safetensors published.safetensors --spread 0.1
    python scripts/check/comfyui.py ComfyUI --guess published.safetensors     # and `realera model info published.safetensors`

The first: the single file is loaded by load_checkpoint_guess_config; every tensor is compared with the folder's, then the
text encoder's, the U-Net's and the VAE's outputs with diffusers'; --save has ComfyUI write the model again. The second:
LoRA files are put on the base by load_lora_for_models, and the patched weights compared with the erased folder's; --lora
repeats. The last: what ComfyUI takes a file to be and to predict; it looks at the weights, not at metadata.

No server, on the CPU. What ComfyUI itself complains of while loading is printed, and counts as wrong but with --guess; that
Stable Diffusion 2 lacks the last text layer, which is not used, does not. It reads kohya's form of a LoRA; of
diffusers' own (--to lora) for Stable Diffusion this version skips every tensor, which counts as wrong here.
"""

import argparse
import logging
import re
import sys

import torch

import folders

LIMIT = 1e-4  # of relative errors: another order of sums, no more


class Complaints(logging.Handler):
    """Collects what ComfyUI says of tensors that it misses or does not know; it goes on without them."""

    WORDS = ("missing", "unexpected", "left over", "leftover", "not loaded", "shape mismatch")
    UNUSED = (".logit_scale", ".text_projection", ".text_model.encoder.layers.23.")  # SD 1 has 12 layers

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.wrong = 0

    def emit(self, record):
        text = record.getMessage()
        if any(word in text.lower() for word in self.WORDS) and "torchaudio" not in text:
            self.lines.append(f"{record.levelname.lower()}: {text}")
            names = re.findall("'([^']+)'", text)
            unused = text.startswith("clip missing:") and all(any(u in n for u in self.UNUSED) for n in names)
            self.wrong += not (unused and names)

    def tell(self):
        """Prints the complaints since the last time; returns how many are not about what is not used."""
        for line in self.lines[:3]:
            print("  ComfyUI says:", line if len(line) <= 400 else line[:400] + f"... ({len(line)} characters)")
        if self.lines[3:]:
            print(f"  and {len(self.lines) - 3} lines more")
        wrong = self.wrong
        self.clear()
        return wrong

    def clear(self):
        self.lines.clear()
        self.wrong = 0


def start(checkout):
    """Imports ComfyUI as its main.py would, without nodes and server; text encoders would be fp16 if nothing is said."""
    complaints = Complaints()
    root = logging.getLogger()
    root.addHandler(complaints)
    sys.path.insert(0, checkout)
    sys.argv = ["main.py", "--cpu", "--fp32-text-enc"]
    import comfy.options

    comfy.options.enable_args_parsing()
    import comfy.sd
    import comfy.utils

    root.setLevel(logging.DEBUG)
    complaints.clear()
    return comfy, complaints


def text_encoder(clip):
    return next(module for name, module in clip.cond_stage_model.named_children() if name.startswith("clip_"))


def describe(file, model):
    kind = type(model.model.model_config).__name__
    print(f"{file}: {kind}, {model.model.model_type.name}, U-Net {model.model.diffusion_model.dtype}")


def guess(comfy, complaints, file):
    model, _, _, _ = comfy.sd.load_checkpoint_guess_config(file)
    complaints.tell()
    describe(file, model)
    return 0


@torch.no_grad()
def whole(comfy, complaints, folder, single, save):
    wanted = folders.outputs(folder)
    model, clip, vae, _ = comfy.sd.load_checkpoint_guess_config(single)
    wrong = complaints.tell()
    describe(single, model)
    if save:
        comfy.sd.save_checkpoint(save, model, clip, vae)
    unet = model.model.diffusion_model
    wrong += folders.compare("U-Net", folders.unet_names(unet.state_dict(), folder), folder, "unet")
    wrong += folders.compare("VAE", folders.vae_names(vae.first_stage_model.state_dict(), folder), folder, "vae")
    wrong += text_tensors(text_encoder(clip).transformer.state_dict(), folder)

    latents, times = folders.inputs()
    text = torch.cat([clip.encode_from_tokens(clip.tokenize(prompt)) for prompt in folders.PROMPTS])
    wrong += folders.report("text embeddings", folders.relative(text.cpu().float(), wanted["text"]), LIMIT)
    prediction = unet(latents, times, context=wanted["text"])
    wrong += folders.report("U-Net", folders.relative(prediction, wanted["prediction"]), LIMIT)
    picture = vae.first_stage_model.decode(latents[:1].to(vae.vae_dtype)).float()
    wrong += folders.report("VAE, decoded", folders.relative(picture, wanted["picture"]), LIMIT)
    return wrong


def text_tensors(state, folder):
    """ComfyUI keeps a text projection, and for SD 2 a last layer that it does not use: only the folder's are compared."""
    wanted = folders.tensors(folder, "text_encoder")
    extra = sorted(set(state) - set(wanted))
    print(f"text encoder: {len(extra)} tensors that the folder has not: {', '.join(extra[:3])}{' ...' if extra[3:] else ''}")
    return folders.compare("text encoder", {n: state[n] for n in wanted if n in state}, folder, "text_encoder")


@torch.no_grad()
def loras(comfy, complaints, base, erased, single, files):
    model, clip, _, _ = comfy.sd.load_checkpoint_guess_config(single)  # the VAE, too: else it would be left over
    wrong = complaints.tell()
    for name, printed in files:
        loaded = comfy.utils.load_torch_file(name, safe_load=True)
        patched, _ = comfy.sd.load_lora_for_models(model, clip, loaded, 1.0, 1.0)
        print(f"{name}: {len(loaded)} tensors, {len(patched.patches)} weights patched")
        wrong += complaints.tell()
        if not patched.patches:
            wrong += 1
            continue
        comfy.model_management.load_models_gpu([patched], force_patch_weights=True)
        found = folders.unet_names(patched.model.diffusion_model.state_dict(), base)
        wrong += folders.lora(name, found, base, erased, printed)
        del found
        patched.detach()
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comfyui", help="a checkout of ComfyUI")
    parser.add_argument("folder", nargs="?", help="the diffusers folder; with --base the erased one")
    parser.add_argument("single", nargs="?", help="the folder as a single file; with --base that of the base")
    parser.add_argument("--save", metavar="FILE", help="write the single file again as ComfyUI saves checkpoints")
    parser.add_argument("--base", help="the folder that was erased from")
    parser.add_argument("--lora", nargs=2, action="append", metavar=("FILE", "JSON"), default=[])
    parser.add_argument("--guess", nargs="+", metavar="FILE", help="only say what ComfyUI takes these files to be")
    args = parser.parse_args()
    if not args.guess and not (args.folder and args.single):
        parser.error("give a folder and a single file, or --guess")
    if bool(args.base) != bool(args.lora):
        parser.error("--base and --lora go together")
    torch.set_num_threads(1)
    comfy, complaints = start(args.comfyui)
    if args.guess:
        wrong = sum(guess(comfy, complaints, file) for file in args.guess)
    elif args.base:
        wrong = loras(comfy, complaints, args.base, args.folder, args.single, args.lora)
    else:
        wrong = whole(comfy, complaints, args.folder, args.single, args.save)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
