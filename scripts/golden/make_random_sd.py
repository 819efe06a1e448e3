#!/usr/bin/env python3
"""Writes a Stable Diffusion v1.x or v2.x folder with seeded random weights, in diffusers' layout.

It draws nothing worth looking at, but it has every tensor of the real thing in its real shape, so readers,
writers, networks and timings can be tested without downloading a checkpoint:

    python make_random_sd.py OUT                  SD v1.4 (686 U-Net tensors, fp32, 4.3 GB in all)
    python make_random_sd.py OUT --variant fp16   the same numbers rounded to fp16, in *.fp16.safetensors files
    python make_random_sd.py OUT --size sd21      SD v2.1: OpenCLIP text encoder, linear projections, v-prediction (5.2 GB)
    python make_random_sd.py OUT --size tiny      two-block miniature, about 1 MB (src/test/resources/golden/tiny-sd)
    python make_random_sd.py OUT --size tiny-v2   the same of SD v2.1 (src/test/resources/golden/tiny-sd2)

Recipe, so that others can make the same numbers without the files. For the tensor called `name` in its file:

    seed = int.from_bytes(sha256(name)[:8], "big") >> 1
    torch.manual_seed(seed);  z = torch.randn(shape)             # CPU, fp32
    ... token_embedding.weight, position_embedding.weight:   0.02 * z
    ... any other tensor of two or more dimensions:          z * (1 / sqrt(product of all dims but the first))
    ... one-dimensional `*.weight` (all are norms):          1 + 0.1 * z
    ... the rest (biases):                                   0.02 * z

The tokenizer is CLIP's own BPE, from the vocabulary file in the PyPI package open_clip_torch; the miniature has
its byte tokens, its first 1,000 merges and the two specials. Package versions: requirements.txt beside this file.
"""

import argparse
import gzip
import hashlib
import json
import math
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"

# The published configurations of CompVis/stable-diffusion-v1-4, where they differ from diffusers' defaults.
SD14 = dict(
    merges=49152 - 256 - 2,
    unet=dict(
        sample_size=64,
        in_channels=4,
        out_channels=4,
        block_out_channels=(320, 640, 1280, 1280),
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        layers_per_block=2,
        cross_attention_dim=768,
        attention_head_dim=8,
        norm_num_groups=32,
    ),
    vae=dict(
        sample_size=512,
        latent_channels=4,
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        norm_num_groups=32,
    ),
    text=dict(
        vocab_size=49408,
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        projection_dim=768,
        # The published file carries these legacy ids; only the unused pooled output depends on them.
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
    ),
)

TINY = dict(
    merges=1000,
    unet=SD14["unet"]
    | dict(
        sample_size=8,
        block_out_channels=(16, 32),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        cross_attention_dim=32,
        attention_head_dim=2,
        norm_num_groups=8,
    ),
    vae=SD14["vae"]
    | dict(
        sample_size=16,
        block_out_channels=(8, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1,
        norm_num_groups=4,
    ),
    text=SD14["text"]
    | dict(
        vocab_size=1514,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=32,
    ),
)

# stabilityai/stable-diffusion-2-1; v2.0 differs in upcast_attention, the two base models in sample_size and epsilon prediction.
SD21 = dict(
    merges=SD14["merges"],
    unet=SD14["unet"]
    | dict(
        sample_size=96,
        cross_attention_dim=1024,
        attention_head_dim=(5, 10, 20, 20),
        use_linear_projection=True,
        upcast_attention=True,
    ),
    vae=SD14["vae"] | dict(sample_size=768),
    text=dict(
        vocab_size=49408,
        hidden_size=1024,
        intermediate_size=4096,
        num_hidden_layers=23,  # of 24: the published file leaves the last one out, so the penultimate is the last
        num_attention_heads=16,
        projection_dim=512,
        hidden_act="gelu",
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
    ),
)

TINY_V2 = dict(
    merges=TINY["merges"],
    unet=TINY["unet"] | dict(attention_head_dim=(2, 4), use_linear_projection=True, upcast_attention=True),
    vae=TINY["vae"],
    text=TINY["text"] | dict(hidden_act="gelu"),
)

SIZES = {"sd14": SD14, "sd21": SD21, "tiny": TINY, "tiny-v2": TINY_V2}

SCHEDULER = {
    "_class_name": "PNDMScheduler",
    "_diffusers_version": "0.7.0.dev0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
    "clip_sample": False,
}

SCHEDULER_V2 = {
    "_class_name": "DDIMScheduler",
    "_diffusers_version": "0.8.0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "v_prediction",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
}

MODEL_INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.39.0",
    "feature_extractor": [None, None],
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def draw(name: str, shape: torch.Size) -> torch.Tensor:
    """The numbers of one tensor, fp32: see the recipe above."""
    torch.manual_seed(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1)
    z = torch.randn(shape)
    if name.endswith(("token_embedding.weight", "position_embedding.weight")):
        return z * 0.02
    if len(shape) >= 2:
        return z * (1 / math.sqrt(math.prod(shape[1:])))
    if name.endswith(".weight"):
        return 1 + 0.1 * z
    return z * 0.02


def write_weights(model: torch.nn.Module, folder: Path, stem: str, variant: str | None) -> None:
    dtype = torch.float16 if variant == "fp16" else torch.float32
    tensors = {name: draw(name, t.shape).to(dtype).contiguous() for name, t in model.state_dict().items()}
    suffix = f".{variant}.safetensors" if variant else ".safetensors"
    save_file(tensors, folder / (stem + suffix), metadata={"format": "pt"})
    (folder / (stem + suffix)).chmod(0o644)
    parameters = sum(t.numel() for t in tensors.values())
    print(f"{folder.name}: {len(tensors)} tensors, {parameters / 1e6:.1f} M parameters")


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def write_tokenizer(folder: Path, merge_count: int, pad: str) -> None:
    import open_clip
    from open_clip.tokenizer import bytes_to_unicode

    source = Path(open_clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz"
    merges = gzip.open(source).read().decode("utf-8").split("\n")[1 : merge_count + 1]
    letters = list(bytes_to_unicode().values())
    words = letters + [c + "</w>" for c in letters] + [m.replace(" ", "") for m in merges] + [START, END]
    (folder / "vocab.json").write_text(
        json.dumps({w: i for i, w in enumerate(words)}, ensure_ascii=False), encoding="utf-8"
    )
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
    tokenizer = CLIPTokenizer(
        folder / "vocab.json", folder / "merges.txt", model_max_length=77, pad_token=pad, unk_token=END
    )
    tokenizer.save_pretrained(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--size", choices=tuple(SIZES), default="sd14")
    parser.add_argument("--variant", choices=("fp16",), help="write *.fp16.safetensors")
    args = parser.parse_args()
    sizes = SIZES[args.size]
    second = args.size in ("sd21", "tiny-v2")

    folders = {n: args.out / n for n in ("unet", "vae", "text_encoder", "tokenizer", "scheduler")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)

    with torch.device("meta"):
        unet = UNet2DConditionModel(**sizes["unet"])
        vae = AutoencoderKL(**sizes["vae"])
        text = CLIPTextModel(CLIPTextConfig(**sizes["text"]))
    for name, model, stem in (
        ("unet", unet, "diffusion_pytorch_model"),
        ("vae", vae, "diffusion_pytorch_model"),
        ("text_encoder", text, "model"),
    ):
        if name == "text_encoder":
            model.config.architectures = ["CLIPTextModel"]
            model.config.save_pretrained(folders[name])
        else:
            model.save_config(folders[name])
        write_weights(model, folders[name], stem, args.variant)
    write_tokenizer(folders["tokenizer"], sizes["merges"], "!" if second else END)
    scheduler = SCHEDULER_V2 if second else SCHEDULER
    write_json(folders["scheduler"] / "scheduler_config.json", scheduler)
    write_json(args.out / "model_index.json", MODEL_INDEX | {"scheduler": ["diffusers", scheduler["_class_name"]]})


if __name__ == "__main__":
    main()
