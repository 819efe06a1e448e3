#!/usr/bin/env python3
"""Does AUTOMATIC1111's web interface make the erased model of the base and a LoRA that realera wrote?

    git clone https://github.com/AUTOMATIC1111/stable-diffusion-webui webui
    git -C webui checkout bef51aed032c0aaa5cfd80445bc4cf0d85b408b5            # version 1.8.0
    git clone https://github.com/CompVis/stable-diffusion compvis
    git -C compvis checkout 21f890f9da3cfbeaba8e2ac3c425ee9e998d5229
    pip install -r scripts/check/requirements.txt
    realera model convert sd-random --to single-file --out base.safetensors
    realera model convert erased --to kohya --rank 64 --out kohya.safetensors --json > kohya.json
    python scripts/check/webui.py webui compvis compvis/configs/stable-diffusion/v1-inference.yaml \\
        sd-random erased base.safetensors --lora kohya.safetensors kohya.json

Its extension for LoRA (extensions-builtin/Lora) finds the modules of the original U-Net, which is what the interface runs, and
changes their weights; these are compared with the erased folder's. For Stable Diffusion 2 give Stability-AI's code and
configuration, see original.py. --lora repeats. The extension is all that runs of the interface: what it takes from the rest
(options, the loaded model, reading a file) is put in its place here.
"""

import argparse
import sys
import tempfile
import types
from pathlib import Path
from unittest import mock

import torch
from omegaconf import OmegaConf
from safetensors.torch import load_file

import folders
import original


def interface(unet, second, scratch):
    """What the extension imports of the interface: the loaded model, files, device; anything else does nothing."""
    model = types.SimpleNamespace(
        is_sdxl=False,
        model=torch.nn.Module(),
        cond_stage_model=types.SimpleNamespace(wrapped=torch.nn.Module()),
    )
    model.model.diffusion_model = unet
    if second:  # by this module's name the extension tells Stable Diffusion 2
        model.cond_stage_model.wrapped.model = torch.nn.Module()
        model.cond_stage_model.wrapped.model.transformer = torch.nn.Module()
        model.cond_stage_model.wrapped.model.transformer.resblocks = torch.nn.Module()
    modules = mock.MagicMock(name="modules")
    modules.shared.sd_model = model
    modules.shared.walk_files.return_value = []
    modules.shared.cmd_opts.lora_dir = scratch  # which the extension makes when it is imported
    modules.devices.cpu = torch.device("cpu")
    modules.devices.dtype = torch.float32
    modules.sd_models.read_state_dict = load_file
    for name in ("modules", "modules.textual_inversion", "modules.textual_inversion.textual_inversion", "gradio"):
        sys.modules[name] = modules
    return model


@torch.no_grad()
def apply(networks, unet, file):
    """As one prompt with <lora:file:1> would: loads it, then every layer updates its weights when it is next used."""
    net = networks.load_network("lora", mock.MagicMock(filename=file))
    net.te_multiplier = net.unet_multiplier = 1.0
    networks.loaded_networks[:] = [net]
    networks.extra_network_lora = types.SimpleNamespace(errors={})
    for module in unet.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            networks.network_apply_weights(module)
    return net, networks.extra_network_lora.errors


@torch.no_grad()
def remove(networks, unet):
    networks.loaded_networks.clear()
    for module in unet.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            networks.network_apply_weights(module)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("webui", help="a checkout of AUTOMATIC1111/stable-diffusion-webui")
    parser.add_argument("original", help="a checkout of CompVis/stable-diffusion or Stability-AI/stablediffusion")
    parser.add_argument("config", help="one of its configurations, in fp32")
    parser.add_argument("base", help="the diffusers folder that was erased from")
    parser.add_argument("erased", help="the erased folder")
    parser.add_argument("single", help="the base as a single file")
    parser.add_argument("--lora", nargs=2, action="append", metavar=("FILE", "JSON"), required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    sys.path.insert(0, args.original)
    original.without_training()
    from ldm.util import instantiate_from_config

    config = OmegaConf.load(args.config).model.params.unet_config
    unet = instantiate_from_config(config)
    original.fill("U-Net", unet, original.state(args.single, "model.diffusion_model."))
    sys.path.insert(0, str(Path(args.webui) / "extensions-builtin" / "Lora"))
    with tempfile.TemporaryDirectory() as scratch:
        model = interface(unet, bool(config.params.get("use_linear_in_transformer")), scratch)
        import networks

    networks.assign_network_names_to_compvis_modules(model)
    wrong = 0
    for file, printed in args.lora:
        keys = load_file(file)
        asked = {name.split(".")[0] for name in keys}
        net, errors = apply(networks, unet, file)
        known = set(model.network_layer_mapping)
        print(f"{file}: {len(keys)} tensors of {len(asked)} modules; {len(set(net.modules) & known)} found, {len(errors)} errors")
        wrong += len(asked) - len(set(net.modules) & known) + len(errors)
        wrong += folders.lora(file, folders.unet_names(unet.state_dict(), args.base), args.base, args.erased, printed)
        remove(networks, unet)
    wrong += folders.compare("U-Net without any", folders.unet_names(unet.state_dict(), args.base), args.base, "unet")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
