#!/usr/bin/env python3
"""Writes what diffusers and torch's autograd give for a U-Net that is edited, looked into and trained.

    python unet_training.py MODEL OUT.safetensors

Edits of whole tensors and LoRA pairs (as W + SCALE * B A) on every kind of layer; the cross-attention's maps; gradients
of the noise loss, with and without the start token's key and value detached; gradients of two attention losses: one
Frobenius norm of all maps (Forget-Me-Not), the sum of each layer's over masked pixels (MACE).

Everything is float64 on the CPU, rounded to fp32 where it is written. Inputs and edits are random numbers from the seeds
below, rounded to fp32 too, and stand in the file. Package versions: requirements.txt beside this file. Made by:

    python unet_training.py TINY ../tiny-sd-training.safetensors      TINY = src/test/resources/golden/tiny-sd
    python unet_training.py TINY2 ../tiny-sd2-training.safetensors    TINY2 = src/test/resources/golden/tiny-sd2
"""

import math
import sys
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file
from torch.func import functional_call

SCALE, RANK, TOKENS = 0.5, 3, [2, 3, 5]
DOWN, MIDDLE, UP = (p + ".attentions.0" for p in ("down_blocks.0", "mid_block", "up_blocks.1"))
BLOCK = ".transformer_blocks.0"
WHOLE = [
    "conv_in.weight",
    "conv_out.bias",
    "conv_norm_out.weight",
    "time_embedding.linear_2.weight",
    "time_embedding.linear_1.bias",
    "down_blocks.0.resnets.0.conv1.weight",
    "down_blocks.0.resnets.0.norm2.bias",
    "down_blocks.0.resnets.0.time_emb_proj.bias",
    "up_blocks.0.resnets.0.conv_shortcut.weight",
    DOWN + ".norm.weight",
    DOWN + ".proj_out.weight",
    DOWN + BLOCK + ".norm2.weight",
    DOWN + BLOCK + ".attn2.to_k.weight",
    DOWN + BLOCK + ".attn2.to_out.0.bias",
    UP + BLOCK + ".attn2.to_v.weight",
    UP + BLOCK + ".ff.net.0.proj.bias",
]
LORA = [
    "conv_in",
    "time_embedding.linear_1",
    "down_blocks.0.downsamplers.0.conv",
    "down_blocks.1.resnets.0.conv_shortcut",
    "up_blocks.0.upsamplers.0.conv",
    "up_blocks.1.resnets.1.conv2",
    DOWN + ".proj_out",
    MIDDLE + ".proj_in",
    MIDDLE + BLOCK + ".attn2.to_k",
    UP + BLOCK + ".attn2.to_q",
    UP + BLOCK + ".attn2.to_k",
    UP + BLOCK + ".attn2.to_v",
]


def randn(seed, *shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double()


class Recorder:
    """Attention in plain products: keeps the map, and detaches the first row's key and value if asked."""

    def __init__(self):
        self.map, self.fixed = None, False

    def __call__(self, attn, x, encoder_hidden_states=None, attention_mask=None, temb=None):
        q, k, v = attn.to_q(x), attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states)
        if self.fixed:
            k, v = (torch.cat([y[:, :1].detach(), y[:, 1:]], 1) for y in (k, v))
        q, k, v = (attn.head_to_batch_dim(y) for y in (q, k, v))
        weights = (q @ k.transpose(1, 2) * attn.scale).softmax(-1)
        self.map = weights.unflatten(0, (len(x), attn.heads))
        return attn.to_out[0](attn.batch_to_head_dim(weights @ v))


def main(folder, out):
    torch.use_deterministic_algorithms(True)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet").double().eval()
    original = {n: w.detach() for n, w in unet.named_parameters()}
    recorders = {n[: -len(".processor")]: Recorder() for n in unet.attn_processors if ".attn2." in n}
    unet.set_attn_processor({n: recorders.get(n[: -len(".processor")], p) for n, p in unet.attn_processors.items()})
    height, width, batch = 8, 4, 2
    result = {
        "latents": randn(1, batch, 4, height, width),
        "timesteps": torch.tensor([321, 7]),
        "text": randn(2, batch, 77, unet.config.cross_attention_dim),
        "target": randn(3, batch, 4, height, width),
        "mask": randn(4, batch, 1, 4 * height, 4 * width).gt(0).double(),
        "tokens": torch.tensor(TOKENS),
    }
    edits = {}
    for i, name in enumerate(WHOLE):
        shape = original[name].shape
        edits[name] = (original[name] + 0.1 * randn(100 + i, *shape)).float().double()
    for i, name in enumerate(LORA):
        shape = original[name + ".weight"].shape
        edits[name + ".lora_A"] = 0.2 * randn(200 + i, RANK, *shape[1:])
        edits[name + ".lora_B"] = 0.2 * randn(300 + i, shape[0], RANK, *[1] * (len(shape) - 2))
    edits = {n: x.float().double().requires_grad_(True) for n, x in edits.items()}

    def predict(changes, fixed=False):
        weights = dict(original)
        weights.update({n: x for n, x in changes.items() if n in original})
        for name in LORA:
            if name + ".lora_A" in changes:
                a, b = changes[name + ".lora_A"], changes[name + ".lora_B"]
                product = (b.flatten(1) @ a.flatten(1)).reshape(original[name + ".weight"].shape)
                weights[name + ".weight"] = weights[name + ".weight"] + SCALE * product
        for recorder in recorders.values():
            recorder.fixed = fixed
        x = result["latents"].float().double(), result["timesteps"], result["text"].float().double()
        return functional_call(unet, weights, x).sample

    def gradients(prefix, loss):
        found = torch.autograd.grad(loss, list(edits.values()), allow_unused=True)
        result[prefix + "loss"] = loss.detach()
        result.update({f"{prefix}gradient.{n}": g for n, g in zip(edits, found) if g is not None})

    with torch.no_grad():
        result["eps"] = predict({})
        result.update({"map." + n: split(r.map, height, width) for n, r in recorders.items()})
        result["eps_whole"] = predict({n: x for n, x in edits.items() if n in original})
        result["eps_lora"] = predict({n: x for n, x in edits.items() if n not in original})
    for prefix, fixed in ("noise.", False), ("fixed.", True):
        error = predict(edits, fixed) - result["target"].float().double()
        gradients(prefix, (torch.tensor([0.3, 0.7]).double() * (error**2).mean([1, 2, 3])).sum())
    result["eps_edited"] = predict(edits).detach()
    maps = [r.map[..., TOKENS] for r in recorders.values()]
    gradients("together.", torch.cat([m.flatten() for m in maps]).norm())
    predict(edits)
    layers = []
    for recorder in recorders.values():
        a = split(recorder.map, height, width)
        inside = torch.nn.functional.interpolate(result["mask"], a.shape[2:4]) > 0.5
        layers.append(a[inside.expand(-1, a.shape[1], -1, -1)][:, TOKENS].norm())
    gradients("masked.", sum(layers))
    result.update({"edit." + n: x.detach() for n, x in edits.items()})
    save_file({n: (x.float() if x.is_floating_point() else x).contiguous() for n, x in result.items()}, out)


def split(attention, height, width):  # [B, heads, S, 77] -> [B, heads, H, W, 77]
    halved = round(math.sqrt(height * width / attention.shape[2]))
    return attention.unflatten(2, (height // halved, width // halved))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
