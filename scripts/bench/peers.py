"""What users would run instead of realera, timed; for scripts/bench/beside.sh and gpu.sh. Versions: see beside.sh.

    python peers.py forward|gradients MODEL DTYPE SIZE REPEATS [--device cuda] [--compile]
    python peers.py images  MODEL DTYPE COUNT STEPS [REPEATS] [--device cuda]
    python peers.py picture MODEL OUT.png STEPS             one picture, from a cold start
    python peers.py start                                   only the imports that any of these needs

Arguments and printed lines are those of org.realera.bench.NetworkBench: one line "forward 512 x 512    1.234 s" a repeat. Gradients
are those of a LoRA of rank 4 on the keys and values of cross-attention, by peft, for one latent. MODEL is a diffusers folder.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
PROMPT, GUIDANCE = "a photo of a cat", 3


def timed(what, repeats, call):
    for _ in range(repeats):
        start = time.perf_counter()
        call().float().cpu()  # its numbers are there: a GPU is done
        print(f"{what:<50} {time.perf_counter() - start:8.3f} s", flush=True)


def with_lora(unet):
    from peft import LoraConfig

    unet.requires_grad_(False)
    unet.add_adapter(LoraConfig(r=4, lora_alpha=4, target_modules=["attn2.to_k", "attn2.to_v"]))
    trained = [p for p in unet.parameters() if p.requires_grad]
    for parameter in trained:
        parameter.data = parameter.data.float()  # as diffusers' own training script has them
    return trained


def network(args):
    dtype = DTYPES[args.dtype]
    unet = UNet2DConditionModel.from_pretrained(args.model, subfolder="unet", torch_dtype=dtype).to(args.device)
    trained = with_lora(unet) if args.what == "gradients" else []
    side = args.size // scale(args.model)
    torch.manual_seed(1)
    latents = torch.randn(1, 4, side, side).to(args.device, dtype)
    text = torch.randn(1, 77, unet.config.cross_attention_dim).to(args.device, dtype)
    when = torch.tensor([500], device=args.device)
    predict = torch.compile(unet) if args.compile else unet

    def forward():
        with torch.no_grad():
            return predict(latents, when, text).sample

    def gradients():
        with torch.autocast(torch.device(args.device).type, dtype, enabled=dtype != torch.float32):
            loss = torch.nn.functional.mse_loss(predict(latents, when, text).sample.float(), latents.float())
        found = torch.autograd.grad(loss, trained)
        return torch.cat([g.flatten() for g in found])

    timed(f"{args.what} {args.size} x {args.size}", args.repeats, gradients if trained else forward)


def scale(model):
    """Pixels a latent."""
    config = json.loads(Path(model, "vae", "config.json").read_text(encoding="utf-8"))
    return 2 ** (len(config["block_out_channels"]) - 1)


def pipeline(model, dtype, device):
    loaded = StableDiffusionPipeline.from_pretrained(model, torch_dtype=DTYPES[dtype], safety_checker=None).to(device)
    loaded.scheduler = DDIMScheduler.from_config(loaded.scheduler.config)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def draw(loaded, count, steps, guidance, output):
    seeds = [torch.Generator("cpu").manual_seed(i) for i in range(count)]
    return loaded([PROMPT] * count, num_inference_steps=steps, guidance_scale=guidance, generator=seeds, output_type=output).images


def images(args):
    loaded = pipeline(args.model, args.dtype, args.device)
    size = loaded.unet.config.sample_size * scale(args.model)
    what = f"{args.count} images of {size} x {size}, {args.steps} steps"
    timed(what, args.repeats, lambda: draw(loaded, args.count, args.steps, GUIDANCE, "pt"))


def picture(args):
    draw(pipeline(args.model, "fp32", "cpu"), 1, args.steps, 7.5, "pil")[0].save(args.out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("forward", "gradients", "images"):
        command = commands.add_parser(name)
        command.add_argument("model")
        command.add_argument("dtype", choices=DTYPES)
        for number in ("count", "steps") if name == "images" else ("size", "repeats"):
            command.add_argument(number, type=int)
        if name == "images":
            command.add_argument("repeats", type=int, nargs="?", default=3)
        command.add_argument("--device", default="cpu")
        command.add_argument("--compile", action="store_true")
    command = commands.add_parser("picture")
    command.add_argument("model")
    command.add_argument("out")
    command.add_argument("steps", type=int)
    commands.add_parser("start")
    args = parser.parse_args()
    if args.what in ("forward", "gradients"):
        network(args)
    elif args.what == "images":
        images(args)
    elif args.what == "picture":
        picture(args)


if __name__ == "__main__":
    main()
