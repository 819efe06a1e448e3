#!/usr/bin/env python3
"""Writes what diffusers and transformers compute for a model, as reference values for our networks.

    python networks.py MODEL OUT.safetensors                          text encoder, U-Net, VAE, a DDIM run, three pictures
    python networks.py MODEL OUT.safetensors --gradients              also the gradients of a LoRA loss
    python networks.py MODEL OUT.safetensors --no-pictures --size 16  only the networks, latents of 16 x 16
    python networks.py CLIP OUT.safetensors --scorer                  both towers of a CLIPModel
    python networks.py CLIP --make-scorer                             writes the folder CLIP: a tiny random CLIPModel

Everything is fp32 on the CPU. Inputs are random numbers from the seeds below and stand in the file with the outputs.
Package versions: requirements.txt beside this file. The committed files were made by:

    python networks.py TINY ../tiny-sd.safetensors --gradients        TINY = src/test/resources/golden/tiny-sd
    python networks.py src/test/resources/golden/tiny-clip --make-scorer
    python networks.py src/test/resources/golden/tiny-clip src/test/resources/golden/tiny-clip.safetensors --scorer
    pocket.sh                                                         for the embedded model and its scorer
    python networks.py TINY2 ../tiny-sd2.safetensors --gradients      TINY2 = src/test/resources/golden/tiny-sd2
    python networks.py SD sd-random.safetensors --no-pictures --size 16    SD = made by make_random_sd.py
    python networks.py SD21 sd21-random.safetensors --no-pictures --size 16    SD21 = the same with --size sd21
"""

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, CLIPTextModel, CLIPTokenizer

PROMPTS = ["a photo of the airplane", "a red car on a road", "two cats"]
STEPS, GUIDANCE = 12, 4.0
TIMESTEPS = [1, 321, 999]


def randn(seed, *shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def networks(folder, size):
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()
    unet = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    vae = AutoencoderKL.from_pretrained(folder / "vae").eval()
    size = size or unet.config.sample_size
    ids = tokenizer(PROMPTS, padding="max_length", truncation=True, max_length=77, return_tensors="pt").input_ids
    out = {"ids": ids, "timesteps": torch.tensor(TIMESTEPS), "latents": randn(1, len(PROMPTS), 4, size, size)}
    with torch.no_grad():
        out["text"] = encoder(ids)[0]
        out["eps"] = unet(out["latents"], out["timesteps"], out["text"]).sample
        out["images"] = (vae.decode(out["latents"][:1] / vae.config.scaling_factor).sample / 2 + 0.5).clamp(0, 1)
    return out, unet


def gradients(unet, out):
    """LoRA of rank 4 on every cross-attention key and value, scale 0.5; loss: weighted mean squared errors."""
    layers = {n: m for n, m in unet.named_modules() if n.endswith(("attn2.to_k", "attn2.to_v"))}
    lora = {}
    for i, (name, layer) in enumerate(layers.items()):
        a = (0.1 * randn(100 + i, 4, layer.in_features)).requires_grad_()
        b = (0.1 * randn(200 + i, layer.out_features, 4)).requires_grad_()
        lora[name + ".lora_A"], lora[name + ".lora_B"] = a, b
        layer.register_forward_hook(lambda m, x, y, a=a, b=b: y + 0.5 * (x[0] @ a.T @ b.T))
    target = randn(2, *out["latents"].shape)
    eps = unet(out["latents"], out["timesteps"], out["text"]).sample
    loss = (torch.tensor([0.3, 0.7, 1.0]) * ((eps - target) ** 2).mean([1, 2, 3])).sum()
    loss.backward()
    result = {"target": target, "eps_lora": eps.detach(), "loss": loss.detach()}
    for name, tensor in lora.items():
        result["edit." + name] = tensor.detach()
        result["gradient." + name] = tensor.grad
    return result


def pictures(folder):
    """The whole pipeline with DDIM and a CPU generator for each image, seeds 0, 1, 2."""
    pipe = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, feature_extractor=None)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    size = pipe.unet.config.sample_size * pipe.vae_scale_factor
    drawn = []
    for seed, prompt in enumerate(PROMPTS):
        generator = torch.Generator().manual_seed(seed)
        image = pipe(
            prompt,
            negative_prompt="night" if seed == 2 else None,
            generator=generator,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            width=size,
            height=size,
            output_type="pil",
        ).images[0]
        drawn.append(torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(size, size, 3))
    return {"pictures": torch.stack(drawn)}


def scorer(folder):
    model = CLIPModel.from_pretrained(folder).eval()
    text, vision = model.config.text_config, model.config.vision_config
    generator = torch.Generator().manual_seed(3)
    ids = torch.randint(0, text.vocab_size - 1, (3, text.max_position_embeddings), generator=generator)
    for row, length in enumerate((5, 30, text.max_position_embeddings)):
        ids[row, length - 1 :] = text.vocab_size - 1  # end of text, and padding
    pixels = randn(4, 3, 3, vision.image_size, vision.image_size)
    with torch.no_grad():
        return {
            "ids": ids,
            "text_features": model.get_text_features(ids),
            "pixels": pixels,
            "image_features": model.get_image_features(pixels),
        }


def make_scorer(folder):
    torch.manual_seed(0)
    tower = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4)
    config = CLIPConfig(
        text_config=dict(tower, vocab_size=100, max_position_embeddings=77, eos_token_id=99, bos_token_id=98),
        vision_config=dict(tower, image_size=16, patch_size=4, num_attention_heads=2),
        projection_dim=24,
    )
    model = CLIPModel(config)
    for tensor in model.parameters():  # the usual initialisation is too small to tell mistakes apart
        if tensor.dim() > 1:
            tensor.data *= 8
    model.save_pretrained(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--size", type=int, default=0, help="of the latents; the model's own by default")
    parser.add_argument("--gradients", action="store_true")
    parser.add_argument("--no-pictures", action="store_true")
    parser.add_argument("--scorer", action="store_true")
    parser.add_argument("--make-scorer", action="store_true")
    args = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    if args.make_scorer:
        make_scorer(args.model)
        return
    if args.scorer:
        out = scorer(args.model)
    else:
        out, unet = networks(args.model, args.size)
        if not args.no_pictures:
            out.update(pictures(args.model))
        if args.gradients:
            out.update(gradients(unet, out))
    save_file({name: tensor.contiguous() for name, tensor in out.items()}, args.out)


if __name__ == "__main__":
    main()
