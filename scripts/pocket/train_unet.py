"""Trains the U-Net on VAE latents and frozen text embeddings; resumes from its last checkpoint.

Loss: epsilon prediction, weighted up at high noise, where colours and layout are decided, and down at low noise (min-SNR,
gamma 5); EMA weights are what is exported.
"""

import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

import world

CONFIG = dict(
    sample_size=16, in_channels=4, out_channels=4, block_out_channels=(64, 128, 160), layers_per_block=1,
    down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
    up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
    attention_head_dim=4, norm_num_groups=16)
SCHEDULER = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000,
                 clip_sample=False, set_alpha_to_one=False, steps_offset=1, prediction_type="epsilon")


@torch.no_grad()
def encode_images(vae, folder):
    """Latent means of all pictures, scaled, [N, 4, 16, 16]; cached beside the pictures."""
    cache = os.path.join(folder, "latents.npy")
    if not os.path.exists(cache):
        images = np.load(os.path.join(folder, "images.npy"), mmap_mode="r")
        out = np.empty((len(images), 4, 16, 16), np.float32)
        for i in range(0, len(images), 64):
            x = torch.from_numpy(images[i:i + 64].copy()).permute(0, 3, 1, 2).float().div(127.5).sub(1)
            out[i:i + 64] = (vae.encode(x).latent_dist.mean * vae.config.scaling_factor).numpy()
        np.save(cache, out)
    return torch.from_numpy(np.load(cache))


class Text:
    """Captions to last hidden states, remembered in half precision."""

    def __init__(self, folder, limit=60000):
        self.tokenizer = CLIPTokenizer.from_pretrained(os.path.join(folder, "tokenizer"))
        self.model = CLIPTextModel.from_pretrained(os.path.join(folder, "text_encoder")).float().eval()
        self.cache, self.limit = {}, limit

    @torch.no_grad()
    def __call__(self, texts):
        new = sorted({t for t in texts if t not in self.cache})
        if new:
            ids = self.tokenizer(new, padding="max_length", truncation=True, max_length=77, return_tensors="pt").input_ids
            states = self.model(ids).last_hidden_state.half()
            if len(self.cache) > self.limit:
                self.cache.clear()
                return self(texts)
            self.cache.update(zip(new, states))
        return torch.stack([self.cache[t] for t in texts]).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", required=True, help="folder with vae/, text_encoder/, tokenizer/")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=30000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--ema", type=float, default=0.999)
    parser.add_argument("--others", type=float, default=1.0, help="how often a further concept's picture is drawn, against 1")
    parser.add_argument("--init", help="start from the weights of this U-Net folder (the optimiser starts anew)")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.manual_seed(args.seed)
    vae = AutoencoderKL.from_pretrained(os.path.join(args.model, "vae")).float().eval()
    latents = encode_images(vae, args.data)
    rows_of = json.load(open(os.path.join(args.data, "captions.json")))
    captions = [r["captions"] for r in rows_of]
    weights = np.array([args.others if r["label"] in world.OTHERS else 1.0 for r in rows_of])
    cumulative = np.cumsum(weights / weights.sum())
    text = Text(args.model)
    scheduler = DDIMScheduler(**SCHEDULER)
    alphas = scheduler.alphas_cumprod
    unet = UNet2DConditionModel(**CONFIG, cross_attention_dim=text.model.config.hidden_size)
    ema = UNet2DConditionModel(**CONFIG, cross_attention_dim=text.model.config.hidden_size)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
    state_file, start = os.path.join(args.out, "state.pt"), 0
    if os.path.exists(state_file):
        state = torch.load(state_file)
        unet.load_state_dict(state["unet"])
        ema.load_state_dict(state["ema"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
    else:
        if args.init:
            unet.load_state_dict(UNet2DConditionModel.from_pretrained(args.init).float().state_dict())
        ema.load_state_dict(unet.state_dict())
    print(f"{sum(p.numel() for p in unet.parameters()) / 1e6:.2f} M parameters, from step {start}", flush=True)
    losses, began = [], time.time()
    for step in range(start, args.steps):
        rng = np.random.default_rng([args.seed, step])
        generator = torch.Generator().manual_seed(args.seed * 1_000_003 + step)
        lr = args.lr * min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / args.steps)))
        for group in optimizer.param_groups:
            group["lr"] = lr
        rows = np.minimum(np.searchsorted(cumulative, rng.random(args.batch)), len(latents) - 1)
        z = latents[rows]
        words = ["" if rng.random() < 0.1 else captions[r][rng.integers(len(captions[r]))] for r in rows]
        t = torch.randint(0, 1000, (args.batch,), generator=generator)
        noise = torch.randn(z.shape, generator=generator)
        a = alphas[t].view(-1, 1, 1, 1)
        predicted = unet(a.sqrt() * z + (1 - a).sqrt() * noise, t, text(words)).sample
        mse = F.mse_loss(predicted, noise, reduction="none").mean((1, 2, 3))
        snr = alphas[t] / (1 - alphas[t])
        # As v-prediction weighs high noise (there colours and layout are decided), as min-SNR weighs low noise.
        weight = ((snr + 1) / snr).clamp(max=20.0) * (5.0 / snr).clamp(max=1.0)
        loss = (weight * mse).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        decay = min(args.ema, (step + 1) / (step + 20))
        with torch.no_grad():
            torch._foreach_lerp_(list(ema.parameters()), list(unet.parameters()), 1 - decay)
        losses.append(mse.mean().item())
        if (step + 1) % 50 == 0:
            print(f"{step + 1} mse {np.mean(losses[-50:]):.4f} lr {lr:.1e} {time.time() - began:.0f} s", flush=True)
        if (step + 1) % 250 == 0 or step + 1 == args.steps:
            torch.save({"unet": unet.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict(),
                        "step": step + 1}, state_file + ".tmp")
            os.replace(state_file + ".tmp", state_file)
            ema.save_pretrained(os.path.join(args.out, "unet"))


if __name__ == "__main__":
    main()
