"""The folder loads as a StableDiffusionPipeline and draws what pipeline.py draws."""

import sys

import torch
from diffusers import StableDiffusionPipeline

from pipeline import Model

folder = sys.argv[1]
pipe = StableDiffusionPipeline.from_pretrained(folder)
pipe.set_progress_bar_config(disable=True)
generators = [torch.Generator().manual_seed(s) for s in (0, 1)]
images = pipe(["a photo of the cat"] * 2, num_inference_steps=25, guidance_scale=3.0, generator=generators, output_type="pt").images
ours = Model(folder).draw(["a photo of the cat"] * 2, [0, 1], 3.0)
print("shape", tuple(images.shape), "largest difference", (images - ours).abs().max().item())
assert (images - ours).abs().max() < 1 / 255
