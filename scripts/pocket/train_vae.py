"""Trains the VAE (f = 4, 4 latent channels) on composed pictures and sets its scaling factor from the data."""

import argparse
import json
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

import world
from compose import Composer


def build():
    return AutoencoderKL(
        in_channels=3, out_channels=3, down_block_types=["DownEncoderBlock2D"] * 3, up_block_types=["UpDecoderBlock2D"] * 3,
        block_out_channels=[16, 32, 64], layers_per_block=1, latent_channels=4, norm_num_groups=8, sample_size=64,
        force_upcast=False)


def pictures(composer, count):
    """[count, 3, 64, 64] in -1..1."""
    images = np.stack([composer.sample(captions=0).image for _ in range(count)])
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


def differences(x):
    return x[:, :, 1:] - x[:, :, :-1], x[:, :, :, 1:] - x[:, :, :, :-1]


def reconstruction_loss(y, x):
    edges = sum((a - b).abs().mean() for a, b in zip(differences(y), differences(x)))
    return (y - x).abs().mean() + F.mse_loss(y, x) + .5 * edges


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--icons", required=True)
    p.add_argument("--out", required=True, help="model folder: writes vae/")
    p.add_argument("--init", help="go on from this VAE folder")
    p.add_argument("--decoder-only", action="store_true", help="keep the encoder, so that latents stay what they were")
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--kl", type=float, default=5e-5)
    p.add_argument("--seed", type=int, default=11)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    composer = Composer(args.icons, world.TRAIN_SETS, args.seed)
    vae = AutoencoderKL.from_pretrained(args.init).float() if args.init else build()
    trained = [*vae.decoder.parameters(), *vae.post_quant_conv.parameters()] if args.decoder_only else [*vae.parameters()]
    optimizer = torch.optim.AdamW(trained, lr=args.lr, betas=(.9, .99), weight_decay=1e-4)
    started = time.time()
    for step in range(args.steps):
        lr = args.lr * min(1, (step + 1) / 50) * (.5 * (1 + math.cos(math.pi * step / args.steps)) + .02)
        for group in optimizer.param_groups:
            group["lr"] = lr
        x = pictures(composer, args.batch)
        with torch.set_grad_enabled(not args.decoder_only):
            posterior = vae.encode(x).latent_dist
            z = posterior.mean if args.decoder_only else posterior.sample()
        if args.decoder_only:  # what a sampler hands over is a little off the encoder's latents
            z = z + torch.randn_like(z) * z.std() * .06 * torch.rand(len(z), 1, 1, 1)
        y = vae.decode(z).sample
        kl = .5 * (posterior.mean ** 2 + posterior.logvar.exp() - 1 - posterior.logvar).mean()
        loss = reconstruction_loss(y, x) + args.kl * kl
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        if step % 100 == 0:
            psnr = 10 * math.log10(4 / F.mse_loss(y, x).item())
            print(f"{step} loss {loss.item():.4f} psnr {psnr:.2f} kl {kl.item():.2f} {time.time() - started:.0f} s", flush=True)
        if step % 500 == 499:
            vae.save_pretrained(f"{args.out}/vae")
    vae.eval()
    with torch.no_grad():
        x = pictures(composer, 256)
        z = vae.encode(x).latent_dist.mean
        y = vae.decode(z).sample.clamp(-1, 1)
        psnr = 10 * math.log10(4 / F.mse_loss(y, x).item())
    if not args.decoder_only:
        vae.register_to_config(scaling_factor=round(float(1 / z.std()), 5), force_upcast=False)
    print(f"psnr {psnr:.2f}, latent std {z.std():.4f}, scaling factor {vae.config.scaling_factor}")
    vae.save_pretrained(f"{args.out}/vae")
    json.dump({"psnr": psnr, "latent_std": z.std().item(), "steps": args.steps, "batch": args.batch,
               "seconds": round(time.time() - started)}, open(f"{args.out}/vae-log.json", "w"), indent=1)


if __name__ == "__main__":
    main()
