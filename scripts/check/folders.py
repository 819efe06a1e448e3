"""What the checks share: a diffusers folder's tensors and pictures, and how far those of another program are from them."""

import json
import types
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from diffusers.loaders import single_file_utils
from safetensors import safe_open

FILES = {"unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}
POSITIONS = "text_model.embeddings.position_ids"  # a buffer of constants, which some versions of transformers keep


def tensors(folder, part):
    """Name to tensor, of one network of a folder; mapped, so that what is not looked at costs no memory."""
    found = {}
    with safe_open(Path(folder) / part / (FILES[part] + ".safetensors"), "pt") as file:
        for name in file.keys():
            found[name] = file.get_tensor(name)
    return found


def config(folder, part):
    return json.loads((Path(folder) / part / "config.json").read_text())


def unet_names(state, folder):
    """A U-Net of the original layout under diffusers' names, by diffusers' own conversion."""
    prefixed = {"model.diffusion_model." + name: tensor for name, tensor in state.items()}
    return single_file_utils.convert_ldm_unet_checkpoint(prefixed, config(folder, "unet"))


def vae_names(state, folder):
    prefixed = {"first_stage_model." + name: tensor for name, tensor in state.items()}
    return single_file_utils.convert_ldm_vae_checkpoint(prefixed, config(folder, "vae"))


def open_clip_names(state, folder):
    """OpenCLIP's text encoder, cond_stage_model.model.*, under transformers' names, by diffusers' own conversion."""
    width = types.SimpleNamespace(config=types.SimpleNamespace(hidden_size=config(folder, "text_encoder")["hidden_size"]))
    return single_file_utils.convert_open_clip_checkpoint(width, state)


def same(first, second):
    return first.dtype == second.dtype and torch.equal(first, second.detach().cpu())


def values(first, second):
    """Whether two tensors hold the same values; a program may widen what a file has in fp16."""
    if second.is_meta:  # never filled
        return False
    wide = torch.promote_types(first.dtype, second.dtype)
    return torch.equal(first.to(wide), second.detach().cpu().to(wide))


def compare(title, found, folder, part, equal=same):
    """Prints how many tensors are equal to the folder's; returns how many are not."""
    wanted = tensors(folder, part)
    names = (set(wanted) | set(found)) - {POSITIONS}
    wrong = sorted(n for n in names if n not in wanted or n not in found or not equal(wanted[n], found[n]))
    how = "byte for byte" if equal is same else "in whichever type"
    print(f"{title}: {len(names) - len(wrong)} of {len(names)} tensors equal the folder's, {how}")
    for name in wrong[:5]:
        print(f"  not equal: {name}")
    return len(wrong)


def relative(found, wanted):
    return float((found.detach().double() - wanted.double()).norm() / wanted.double().norm())


def report(title, error, limit):
    """Prints a relative error; returns 1 if it is above the limit, or not a number."""
    print(f"{title}: relative error {error:.1e}")
    return 0 if error <= limit else 1


def lora(title, found, base, erased, printed, limit=2e-5):
    """
    Compares a U-Net that a LoRA was put on with the erased one, layer by layer.

    What a cut LoRA misses of a layer's change must be what `realera model convert --json` said it misses; a tensor that it
    does not name must be the base's, exactly. Returns how many tensors fail.

    found: name to tensor; base, erased: folders; printed: the file that `--json` was written to
    """
    layers = {layer["module"] + ".weight": layer["error"] for layer in json.loads(Path(printed).read_text())["layers"]}
    before, after = tensors(base, "unet"), tensors(erased, "unet")
    wrong = len(set(before) ^ set(found))
    largest = deviation = worst = 0.0
    for name in sorted(set(before) & set(found)):
        if name not in layers:
            wrong += not values(before[name], found[name])
            continue
        change = (after[name].double() - before[name].double()).norm()
        missed = float((found[name].detach().double() - after[name].double()).norm() / change)
        worst = max(worst, missed)
        deviation = max(deviation, abs(missed - layers[name]))
        largest = max(largest, float((found[name].detach() - after[name]).abs().max()))
        wrong += not abs(missed - layers[name]) <= limit
    print(
        f"{title}: {len(layers)} layers changed, of {len(found)} tensors; a layer misses at most {worst:.2e} of its change, "
        f"within {deviation:.0e} of what was printed (weights: at most {largest:.1e}); {wrong} wrong"
    )
    return wrong


def inputs():
    """Latents [2, 4, 16, 16] and timesteps [2], always the same."""
    generator = torch.Generator().manual_seed(1)
    return torch.randn((2, 4, 16, 16), generator=generator), torch.tensor([321, 999])


PROMPTS = ["a photo of the airplane", "two cats on a red car"]


def pipeline(folder):
    return StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, torch_dtype=torch.float32)


def draw(loaded, size, steps, prompt=PROMPTS[0]):
    """One picture [size, size, 3] in [0, 1] of a pipeline, always of the same noise."""
    loaded.scheduler = DDIMScheduler.from_config(loaded.scheduler.config)
    loaded.set_progress_bar_config(disable=True)
    return loaded(
        prompt,
        height=size,
        width=size,
        num_inference_steps=steps,
        guidance_scale=3.0,
        generator=torch.Generator("cpu").manual_seed(0),
        output_type="np",
    ).images[0]


@torch.no_grad()
def outputs(folder):
    """What diffusers and transformers compute of a folder: embeddings, noise prediction, a decoded latent, an encoded picture."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    out = {}
    tokenizer = CLIPTokenizer.from_pretrained(Path(folder) / "tokenizer")
    ids = tokenizer(PROMPTS, padding="max_length", truncation=True, max_length=77, return_tensors="pt").input_ids
    out["ids"] = ids
    out["text"] = CLIPTextModel.from_pretrained(Path(folder) / "text_encoder").eval()(ids)[0]
    latents, times = inputs()
    unet = UNet2DConditionModel.from_pretrained(Path(folder) / "unet").eval()
    out["prediction"] = unet(latents, times, out["text"]).sample
    del unet
    vae = AutoencoderKL.from_pretrained(Path(folder) / "vae").eval()
    out["picture"] = vae.decode(latents[:1]).sample
    out["latent"] = vae.encode(out["picture"].clamp(-1, 1)).latent_dist.mean
    return out
