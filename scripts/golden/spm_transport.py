"""SPM's facilitated transport in one short torch program: oracle of what org.realera.diffusion.FacilitatedTransport computes.

    python scripts/golden/spm_transport.py src/test/resources/golden src/main/resources/org/realera/pocket/model

writes spm-authors.safetensors, an SPM of tiny-sd as the authors publish theirs (random numbers, two erased prompts), and
spm-transport.safetensors: gamma of each prompt and concept below, [prompts, concepts], on tiny-sd and the pocket model, and the latents
that diffusers' pipeline draws from tiny-sd with those adapters. Written after the paper (Lyu et al., CVPR 2024).
Packages: requirements.txt beside this file. fp32 on the CPU.
"""

import math, sys
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from diffusers.models.transformers.transformer_2d import Transformer2DModel
from safetensors.torch import save_file

PROMPTS = ["airplane", "a photo of the airplane", "a fire truck", "a truck on the road", "a drawing of the sea at night", ""]
CONCEPTS = ["airplane", "fire truck", "the sea"]
ERASED = ["house", "the city"]  # of the one adapter
DRAWN = ["a photo of the house", "the family in a game", "the world"]
STEPS, GUIDANCE = 3, 4.0


def load(folder):
    pipe = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, feature_extractor=None)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    return pipe


@torch.no_grad()
def gamma(pipe, prompt, concept):
    def embedded(text):
        ids = pipe.tokenizer(text, padding="max_length", truncation=True, return_tensors="pt").input_ids
        return pipe.text_encoder(ids)[0].flatten()

    def tokens(text):
        return set(pipe.tokenizer(text, truncation=True, add_special_tokens=False).input_ids)

    cos = torch.nn.functional.cosine_similarity(embedded(prompt), embedded(concept), dim=0).item()
    return max(cos, len(tokens(prompt) & tokens(concept)) / len(tokens(concept)))


def adapters(unet):  # every Linear and Conv2d of every Transformer2DModel: down, up
    g = torch.Generator().manual_seed(0)
    blocks = [(n, b) for n, b in unet.named_modules() if isinstance(b, Transformer2DModel)]
    for n, b in blocks:
        for m, layer in b.named_modules():
            if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
                shape = layer.weight.shape
                down = torch.randn(1, *shape[1:], generator=g) / math.sqrt(math.prod(shape[1:]))
                up = 0.5 * torch.randn(shape[0], 1, *[1] * (len(shape) - 2), generator=g)
                yield f"{n}.{m}", layer, down, up


@torch.no_grad()
def drawn(pipe, made):
    latents = []
    for seed, prompt in enumerate(DRAWN):
        factor = max(gamma(pipe, prompt, c) for c in ERASED)
        before = [layer.weight.clone() for _, layer, _, _ in made]
        for _, layer, down, up in made:
            layer.weight += factor * (up.flatten(1) @ down.flatten(1)).reshape(layer.weight.shape)
        side = pipe.unet.config.sample_size
        noise = torch.randn((1, 4, side, side), generator=torch.Generator().manual_seed(seed))
        latents += pipe(prompt, latents=noise, num_inference_steps=STEPS, guidance_scale=GUIDANCE, output_type="latent").images
        for (_, layer, _, _), weight in zip(made, before):
            layer.weight.copy_(weight)
    return torch.stack(latents)


if __name__ == "__main__":
    golden, out = Path(sys.argv[1]), {}
    tiny, pocket = load(golden / "tiny-sd"), load(Path(sys.argv[2]))
    for name, pipe in ("tiny-sd", tiny), ("pocket", pocket):
        out[f"{name}.gammas"] = torch.tensor([[gamma(pipe, p, c) for c in CONCEPTS] for p in PROMPTS], dtype=torch.float64)
        print(name, out[f"{name}.gammas"])
    made, file = list(adapters(tiny.unet)), {}
    for name, _, down, up in made:
        layer = "lora_unet_" + name.replace(".", "_")
        file |= {f"{layer}.lora_down.weight": down, f"{layer}.lora_up.weight": up, f"{layer}.alpha": torch.tensor(1.0)}
    save_file(file, golden / "spm-authors.safetensors", {"prompts": ",".join(ERASED), "rank": "1", "alpha": "1.0"})
    out["latents"] = drawn(tiny, made)
    save_file(out, golden / "spm-transport.safetensors")
