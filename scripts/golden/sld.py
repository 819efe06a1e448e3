#!/usr/bin/env python3
"""Writes what diffusers' StableDiffusionPipelineSafe draws, as reference pictures for our Safe Latent Diffusion.

    python sld.py MODEL OUT.safetensors             pictures and latents of the four published configurations
    python sld.py --steps OUT.safetensors           the guidance alone, on random predictions

Everything is fp32 on the CPU, with DDIM, 25 steps and a CPU generator for each picture. diffusers 0.39 has deprecated the
pipeline, but it runs; requirements.txt beside this file says the versions. The committed files were made by:

    python sld.py src/test/resources/golden/tiny-sd src/test/resources/golden/sld-tiny.safetensors
    python sld.py src/main/resources/org/realera/pocket/model src/test/resources/golden/sld-pocket.safetensors
    python sld.py --steps src/test/resources/golden/sld-steps.safetensors

The numbers are the paper's. They are diffusers' SafetyConfig but for WEAK, whose sld_guidance_scale is 20 there and 200
in the paper; this script checks that nothing else differs.

SLD is not continuous where prompt and safety text differ by just the threshold. Of the seeds tried, those are kept whose
differences stay farthest from it, so that no picture hangs on a processor's last bit.
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


class Recorder:
    """How near the predictions of a run come to the threshold."""

    def __init__(self, unet):
        self.nearest, self.threshold, self.predict = None, 0.0, unet.forward
        unet.forward = self.forward

    def begin(self, threshold):
        self.nearest, self.threshold = float("inf"), threshold

    def forward(self, *args, **kwargs):
        output = self.predict(*args, **kwargs)
        _, prompted, unsafe = output.sample.chunk(3)
        self.nearest = min(self.nearest, (prompted - unsafe - self.threshold).abs().min().item())
        return output


def pictures(folder):
    pipe = StableDiffusionPipelineSafe.from_pretrained(
        folder, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    pipe.safety_concept = SAFETY
    size = pipe.unet.config.sample_size * pipe.vae_scale_factor
    recorder = Recorder(pipe.unet)
    out = {}
    for name in NAMES:
        settings = config(name)
        drawn, latents, seeds = [], [], []
        for prompt, negative in zip(PROMPTS, NEGATIVE):
            best = None
            for seed in range(SEEDS):
                kept = []
                recorder.begin(settings["sld_threshold"])
                image = pipe(
                    prompt,
                    negative_prompt=negative,
                    generator=torch.Generator().manual_seed(seed),
                    num_inference_steps=STEPS,
                    guidance_scale=GUIDANCE,
                    width=size,
                    height=size,
                    callback=lambda step, t, z: kept.append(z.clone()),
                    **settings,
                ).images[0]
                if best is None or recorder.nearest > best[0]:
                    best = recorder.nearest, seed, image, kept[-1]
            print(name, prompt, "seed", best[1], "nearest", best[0], flush=True)
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
