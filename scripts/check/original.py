#!/usr/bin/env python3
"""Do the networks of the original Stable Diffusion code take a single file that realera wrote, and compute the same with it?

    git clone https://github.com/CompVis/stable-diffusion compvis
    git -C compvis checkout 21f890f9da3cfbeaba8e2ac3c425ee9e998d5229
    git clone https://github.com/Stability-AI/stablediffusion stability
    git -C stability checkout cf1d67a6fd5ea1aa600c4df58e5b47da45f6bdbf
    pip install -r scripts/check/requirements.txt
    realera model convert erased --to single-file --out erased.safetensors
    python scripts/check/original.py compvis compvis/configs/stable-diffusion/v1-inference.yaml erased erased.safetensors
    realera model convert sd21-random --to single-file --out sd21.safetensors
    python scripts/check/original.py stability \\
        stability/configs/stable-diffusion/intel/v2-inference-v-fp32.yaml sd21-random sd21.safetensors

U-Net, VAE and text encoder are made by the configuration, set to zero, and filled by load_state_dict(strict=True) with what
the file has under their names; then every tensor and the outputs are compared with the folder's. The folders are made by
scripts/golden/make_random_sd.py and `realera erase`. What these programs import for training only, and CLIP's weights
from the hub, are not needed: pytorch_lightning, taming, clip and kornia are replaced by empty modules.
"""

import argparse
import sys
import tempfile
import types
from pathlib import Path

import torch
from omegaconf import OmegaConf
from safetensors import safe_open

import folders

LIMIT = 1e-4  # of relative errors: another order of sums, no more


def without_training():
    """Empty modules for what is imported at the top of files but used by training alone."""
    lightning = types.ModuleType("pytorch_lightning")
    lightning.LightningModule = torch.nn.Module
    taming = types.ModuleType("taming.modules.vqvae.quantize")
    taming.VectorQuantizer2 = None
    names = ["taming", "taming.modules", "taming.modules.vqvae", "clip", "kornia"]
    for module in [lightning, taming, *map(types.ModuleType, names)]:
        sys.modules[module.__name__] = module


def state(single, prefix):
    with safe_open(single, "pt") as file:
        return {n.removeprefix(prefix): file.get_tensor(n) for n in file.keys() if n.startswith(prefix)}


def fill(title, network, found, unused=()):
    """Loads strictly; but a whole module that the network has and never computes with (unused) may be missing."""
    network.eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    missing, unexpected = network.load_state_dict(found, strict=not unused)
    allowed = [name for name in missing if name.startswith(tuple(unused))] if unused else []
    others = sorted(set(missing) - set(allowed))
    assert not others and not unexpected, (others[:3], unexpected[:3])
    said = f"; not in the file and not used: {len(allowed)} tensors of {', '.join(unused)}" if allowed else ""
    print(f"{title}: load_state_dict took {len(found)} tensors{said}")
    return network


def text_encoder(params, folder):
    """The class that the configuration names, without the hub: of the folder, or as random as OpenCLIP makes it."""
    target, options = params["target"], dict(params.get("params", {}))
    from ldm.util import get_obj_from_str

    if target.endswith("FrozenCLIPEmbedder"):
        with tempfile.TemporaryDirectory() as both:
            for part in ("text_encoder", "tokenizer"):
                for file in (Path(folder) / part).resolve().iterdir():
                    (Path(both) / file.name).symlink_to(file)
            return get_obj_from_str(target)(version=both, device="cpu", **options)
    return get_obj_from_str(target)(version="", device="cpu", **options)


@torch.no_grad()
def check(config, folder, single):
    from ldm.util import instantiate_from_config

    wanted = folders.outputs(folder)
    latents, times = folders.inputs()
    params = OmegaConf.load(config).model.params
    params.unet_config.params.use_checkpoint = False  # saves memory in training; on the CPU its autocast warns

    unet = fill("U-Net", instantiate_from_config(params.unet_config), state(single, "model.diffusion_model."))
    wrong = folders.compare("U-Net", folders.unet_names(unet.state_dict(), folder), folder, "unet")
    prediction = unet(latents, times, context=wanted["text"])
    wrong += folders.report("U-Net", folders.relative(prediction, wanted["prediction"]), LIMIT)
    del unet

    vae = fill("VAE", instantiate_from_config(params.first_stage_config), state(single, "first_stage_model."))
    wrong += folders.compare("VAE", folders.vae_names(vae.state_dict(), folder), folder, "vae")
    wrong += folders.report("VAE, decoded", folders.relative(vae.decode(latents[:1]), wanted["picture"]), LIMIT)
    latent = vae.encode(wanted["picture"].clamp(-1, 1)).mean
    wrong += folders.report("VAE, encoded", folders.relative(latent, wanted["latent"]), LIMIT)
    del vae

    text, found = text_encoder(params.cond_stage_config, folder), state(single, "cond_stage_model.")
    if hasattr(text, "model"):
        last = len(text.model.transformer.resblocks) - 1
        unused = (f"model.transformer.resblocks.{last}.", "model.text_projection", "model.logit_scale")
        fill("text encoder", text, found, unused)
        names = {f"cond_stage_model.{n}": t for n, t in text.state_dict().items() if not n.startswith(unused)}
        wrong += folders.compare("text encoder", folders.open_clip_names(names, folder), folder, "text_encoder")
    else:
        fill("text encoder", text, found)
        names = {n.removeprefix("transformer."): t for n, t in text.state_dict().items()}
        wrong += folders.compare("text encoder", names, folder, "text_encoder")
    wrong += folders.report("text embeddings", folders.relative(text.encode(folders.PROMPTS), wanted["text"]), LIMIT)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", help="of CompVis/stable-diffusion or Stability-AI/stablediffusion")
    parser.add_argument("config", help="one of its configurations, in fp32")
    parser.add_argument("folder", help="the diffusers folder")
    parser.add_argument("single", help="the same as a single file")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sys.path.insert(0, args.checkout)
    without_training()
    sys.exit(1 if check(args.config, args.folder, args.single) else 0)


if __name__ == "__main__":
    main()
