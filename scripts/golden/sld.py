#!/usr/bin/env python3
"""Writes what diffusers' StableDiffusionPipelineSafe draws, as reference pictures for our Safe Latent Diffusion.

    python sld.py MODEL OUT.safetensors             pictures and latents of the four published configurations
    python sld.py --steps OUT.safetensors           the guidance alone, on random predictions

Everything is fp32 on the CPU, with DDIM, 25 steps and the noise of a CPU generator for each picture. diffusers 0.39 has deprecated the
pipeline, but it runs; requirements.txt beside this file says the versions. The committed files were made by:

    python sld.py src/test/resources/golden/tiny-sd src/test/resources/golden/sld-tiny.safetensors
    python sld.py src/main/resources/org/realera/pocket/model src/test/resources/golden/sld-pocket.safetensors
    python sld.py --steps src/test/resources/golden/sld-steps.safetensors

The numbers are those of the authors' model card, AIML-TUDA/stable-diffusion-safe. They are diffusers' SafetyConfig but
for WEAK, whose sld_guidance_scale is 20 there and 200 in the card; this script checks that.

SLD is not continuous where prompt and safety text differ by just the threshold, and steep where they hardly differ. Each
seed is drawn twice, the second time from noise that is larger by one millionth, and of the seeds tried the one is kept
whose latents change least: so that no picture hangs on a processor's last bit.
"""

import argparse
from pathlib import Path

import torch
from diffusers import DDIMScheduler
from diffusers.pipelines.deprecated.stable_diffusion_safe import SafetyConfig, StableDiffusionPipelineSafe
from safetensors.torch import save_file

NAMES = ["weak", "medium", "strong", "max"]
PROMPTS = ["a photo of the airplane", "a red car on a road", "two cats"]
NEGATIVE = [None, None, "night"]
SAFETY = "a photo of the car"
STEPS, GUIDANCE, SEEDS = 25, 4.0, 3


def config(name):
    published = dict(getattr(SafetyConfig, name.upper()))
    if name == "weak":
        assert published["sld_guidance_scale"] == 20
        published["sld_guidance_scale"] = 200
    return published


def pictures(folder):
    pipe = StableDiffusionPipelineSafe.from_pretrained(
        folder, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    pipe.safety_concept = SAFETY
    size = pipe.unet.config.sample_size * pipe.vae_scale_factor
    out = {}
    for name in NAMES:
        drawn, latents, seeds = [], [], []
        for prompt, negative in zip(PROMPTS, NEGATIVE):

            def draw(noise, prompt=prompt, negative=negative, name=name):
                kept = []
                image = pipe(
                    prompt,
                    negative_prompt=negative,
                    latents=noise,
                    num_inference_steps=STEPS,
                    guidance_scale=GUIDANCE,
                    width=size,
                    height=size,
                    callback=lambda step, t, z: kept.append(z.clone()),
                    **config(name),
                ).images[0]
                return image, kept[-1]

            best = None
            for seed in range(SEEDS):
                side = pipe.unet.config.sample_size
                # what the pipeline draws from a CPU generator
                noise = torch.randn((1, 4, side, side), generator=torch.Generator().manual_seed(seed))
                image, final = draw(noise)
                change = ((draw(noise * (1 + 1e-6))[1] - final).norm() / final.norm()).item()
                if best is None or change < best[0]:
                    best = change, seed, image, final
            print(name, prompt, "seed", best[1], "change", best[0], flush=True)
            seeds.append(best[1])
            pixels = torch.frombuffer(bytearray(best[2].tobytes()), dtype=torch.uint8)
            drawn.append(pixels.reshape(size, size, 3))
            latents.append(best[3][0])
        out[name + ".pictures"], out[name + ".latents"] = torch.stack(drawn), torch.stack(latents)
        out[name + ".seeds"] = torch.tensor(seeds)
    return out


def steps():
    """Chains of the pipeline's own guidance: random predictions in, what it would step with out."""
    predictions = torch.randn((STEPS, 6, 4, 5, 3), generator=torch.Generator().manual_seed(1))
    # A text as near to the prompt as texts are: its differences lie on both sides of all four thresholds.
    without, prompted, noise = predictions.chunk(3, dim=1)
    predictions = torch.cat([without, prompted, prompted + 0.05 * noise], dim=1)
    out = {"predictions": predictions}
    for name in NAMES:
        momentum, combined = None, []
        c = config(name)
        for i in range(STEPS):
            without, prompted, unsafe = predictions[i].chunk(3)
            momentum = torch.zeros_like(without) if momentum is None else momentum
            guidance, momentum = StableDiffusionPipelineSafe.perform_safety_guidance(
                None,
                True,
                momentum,
                prompted - without,
                [prompted, without, unsafe],  # the method's own order, which is not that of __call__
                i,
                c["sld_guidance_scale"],
                c["sld_warmup_steps"],
                c["sld_threshold"],
                c["sld_momentum_scale"],
                c["sld_mom_beta"],
            )
            combined.append(without + GUIDANCE * guidance)
        out[name] = torch.stack(combined)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", action="store_true")
    args = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    out = steps() if args.steps else pictures(args.model)
    save_file({name: tensor.contiguous() for name, tensor in out.items()}, args.out)


if __name__ == "__main__":
    main()
