"""Trains the scorer: a CLIPModel of its own (other seeds, other augmentation, also pictures that went through the VAE).

Every step scores the batch against one caption per label (ten classes, further concepts, scenes); the class captions use a
synonym now and then. The logit scale ends at 100, the factor of the published protocol.
"""

import argparse
import json
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

import tokenizer
import world
from compose import Composer
from muon import Muon

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])[:, None, None]
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711])[:, None, None]
MUON_LR, ADAM_LR = .015, 1.5e-3
LABELS = [*world.CLASSES, *world.OTHERS, *world.SCENES]
NAMES = {label: list(world.CLASSES[label][3])[:4] if label in world.CLASSES
         else world.SCENES[label][0] if label in world.SCENES else [label] for label in LABELS}


def build(tok):
    text = dict(vocab_size=len(tok), hidden_size=96, intermediate_size=384, num_hidden_layers=2, num_attention_heads=4,
                max_position_embeddings=77, projection_dim=96, bos_token_id=tok.bos_token_id, eos_token_id=tok.eos_token_id,
                pad_token_id=tok.pad_token_id)
    vision = dict(hidden_size=128, intermediate_size=512, num_hidden_layers=4, num_attention_heads=4, image_size=64, patch_size=8,
                  projection_dim=96)
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=96))
    places = model.vision_model.embeddings.position_embedding.weight
    with torch.no_grad():  # two-dimensional sines: a small transformer finds neighbouring patches sooner
        places[1:] = .4 * sines(8, places.shape[1])
    return model


def sines(side, width):
    """[side * side, width]: a quarter of the width each for sine and cosine of row and column."""
    at = torch.arange(side).float()
    angles = at[:, None] * torch.exp(torch.linspace(0, -math.log(2 * side), width // 4))
    wave = torch.cat([angles.sin(), angles.cos()], 1)
    return torch.cat([wave[:, None].expand(-1, side, -1), wave[None].expand(side, -1, -1)], -1).reshape(side * side, width)


def image_features(model, pixels, share):
    """The image embedding, and beside it one from the mean of the patches, which only helps training along.

    With `share` < 1 only that share of the patches is read, the same ones for the whole batch.
    """
    vision = model.vision_model
    h = vision.embeddings(pixels)
    if share < 1:
        kept = torch.randperm(h.shape[1] - 1)[:int(share * (h.shape[1] - 1))] + 1
        h = torch.cat([h[:, :1], h[:, kept]], 1)
    h = vision.encoder(inputs_embeds=vision.pre_layrnorm(h)).last_hidden_state
    both = vision.post_layernorm(torch.stack([h[:, 0], h[:, 1:].mean(1)]))
    return model.visual_projection(both)


def normalise(images):
    """[B, 3, 64, 64] in 0..1 -> what the vision tower reads."""
    return (images - MEAN) / STD


class Pictures:
    """A pool of composed pictures; every batch moves, recolours, blurs and roughens its share anew."""

    def __init__(self, composer, vae, seed, count):
        self.composer, self.rng = composer, np.random.default_rng(seed)
        samples = [composer.sample(captions=0) for _ in range(count)]
        for s in samples:
            if s.label in world.SCENES and self.rng.random() < .4:
                self.decoy(s)
        self.images = torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).contiguous()
        self.labels = torch.tensor([LABELS.index(s.label) for s in samples])
        if vae is not None:
            for i in range(0, count, 6 * 64):
                self.images[i:i + 64] = self.through_vae(vae, self.images[i:i + 64])

    @torch.no_grad()
    def through_vae(self, vae, images):
        """What the VAE makes of pictures whose latents are a little off."""
        z = vae.encode(images.float() / 127.5 - 1).latent_dist.mean
        z = z + torch.randn_like(z) * z.std() * torch.rand(len(z), 1, 1, 1) * .35
        return ((vae.decode(z).sample.clamp(-1, 1) + 1) * 127.5).round().byte()

    def decoy(self, sample):
        """A scene with soft blobs, as faulty generations have them, stays a scene."""
        image = sample.image.astype(np.float32)
        y, x = np.mgrid[0:64, 0:64]
        for _ in range(self.rng.integers(1, 4)):
            cx, cy, r = *self.rng.uniform(8, 56, 2), self.rng.uniform(3, 11)
            alpha = np.exp(-((x - cx) ** 2 / r ** 2 + (y - cy) ** 2 / (r * self.rng.uniform(.4, 1.2)) ** 2))[..., None]
            color = image[int(cy), int(cx)] + self.rng.normal(0, 45, 3)
            image = image * (1 - alpha) + color * alpha
        sample.image = image.clip(0, 255).astype(np.uint8)

    @torch.no_grad()
    def batch(self, size):
        at = torch.from_numpy(self.rng.integers(0, len(self.images), size))
        x = F.pad(self.images[at].float() / 255, (6, 6, 6, 6), mode="replicate")
        dx, dy = self.rng.integers(0, 13, (2, size // 8))  # one shift for each eight pictures
        x = torch.cat([x[i * 8:i * 8 + 8, :, y:y + 64, v:v + 64] for i, (v, y) in enumerate(zip(dx, dy))])
        gain = 1 + .25 * (torch.rand(size, 3, 1, 1) - .5) + .3 * (torch.rand(size, 1, 1, 1) - .5)
        x = x * gain + .2 * (torch.rand(size, 1, 1, 1) - .5)
        blur = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
        x = torch.lerp(x, blur, (torch.rand(size, 1, 1, 1) * 1.4 - .4).clamp(0, 1))
        x = x + torch.randn_like(x) * .05 * torch.rand(size, 1, 1, 1)
        return x.clamp(0, 1), self.labels[at]


def caption_ids(tok, rng, composer):
    texts = []
    for label in LABELS:
        names = NAMES[label]
        name = names[0] if len(names) == 1 or rng.random() < .7 else names[rng.integers(1, len(names))]
        texts.append("a photo of the {}".format(name) if rng.random() < .5 else composer._pick(dict(world.TEMPLATES)).format(name))
    return tok(texts, padding=True, return_tensors="pt")


@torch.no_grad()
def evaluate(model, tok, composer, samples, seed=5):
    """Ten-way accuracy on composed pictures of `composer`'s icon sets."""
    model.eval()
    classes = list(world.CLASSES)
    text = tok([f"a photo of the {c}" for c in classes], padding=True, return_tensors="pt")
    t = F.normalize(model.get_text_features(**text), dim=-1)
    result = {}
    for i, label in enumerate(classes):
        images = np.stack([composer.sample(captions=0, label=label, word=label).image for _ in range(samples)])
        x = normalise(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255)
        v = F.normalize(model.get_image_features(pixel_values=x), dim=-1)
        probability = (100 * v @ t.T).softmax(-1)
        result[label] = {"mean_probability": probability[:, i].mean().item(), "top1": (probability.argmax(-1) == i).float().mean().item()}
    model.train()
    return result


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--icons", required=True)
    p.add_argument("--out", required=True, help="model folder: writes scorer/")
    p.add_argument("--vae", help="VAE folder; one picture in six goes through it")
    p.add_argument("--init", help="go on from this scorer folder")
    p.add_argument("--scale", type=float, default=14, help="logit scale to start at; it ends at 100")
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--pool", type=int, default=24000, help="composed pictures")
    p.add_argument("--seed", type=int, default=77)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    folder = f"{args.out}/scorer"
    tokenizer.write(folder)
    tok = CLIPTokenizer.from_pretrained(folder)
    vae = None
    if args.vae:
        from diffusers import AutoencoderKL
        vae = AutoencoderKL.from_pretrained(args.vae).float().eval()
    composer = Composer(args.icons, world.TRAIN_SETS, args.seed)
    held_out = Composer(args.icons, world.HELD_OUT_SETS, args.seed + 1)
    pictures = Pictures(composer, vae, args.seed + 2, args.pool)
    model = CLIPModel.from_pretrained(args.init).float() if args.init else build(tok)
    model.logit_scale.requires_grad_(False)
    matrices = [q for n, q in model.named_parameters() if "encoder.layers" in n and q.ndim == 2]
    rest = [q for n, q in model.named_parameters() if q.requires_grad and not ("encoder.layers" in n and q.ndim == 2)]
    optimizers = [Muon(matrices, lr=MUON_LR), torch.optim.AdamW(rest, lr=ADAM_LR, betas=(.9, .98), weight_decay=.02)]
    started, rng = time.time(), np.random.default_rng(args.seed + 3)
    for step in range(args.steps):
        progress = step / args.steps
        factor = min(1, (step + 1) / 100) * min(1, 1.5 * (1 - progress) + .01)
        for optimizer, lr in zip(optimizers, (MUON_LR, ADAM_LR)):
            optimizer.param_groups[0]["lr"] = lr * factor
        images, labels = pictures.batch(args.batch)
        text = model.get_text_features(**caption_ids(tok, rng, composer))
        scale, text = min(100.0, args.scale + 110 * progress), F.normalize(text, dim=-1).T
        image, patches = image_features(model, normalise(images), .5 if progress < .7 else 1)
        loss = F.cross_entropy(scale * F.normalize(image, dim=-1) @ text, labels)
        helper = F.cross_entropy(scale * F.normalize(patches, dim=-1) @ text, labels)
        model.zero_grad()
        (loss + .5 * (1 - progress) * helper).backward()
        for optimizer in optimizers:
            optimizer.step()
        if step % 50 == 0 or step + 1 == args.steps:
            print(f"{step} loss {loss.item():.4f} helper {helper.item():.4f} {time.time() - started:.0f} s", flush=True)
        if step % 500 == 499 or step + 1 == args.steps:
            held = evaluate(model, tok, held_out, 20)
            print("held-out top-1", {k: round(v["top1"], 2) for k, v in held.items()}, flush=True)
            own = evaluate(model, tok, composer, 20)
            print("own icons top-1", {k: round(v["top1"], 2) for k, v in own.items()}, flush=True)
            save(model, folder)
    json.dump({"held_out_sets": world.HELD_OUT_SETS, "held_out": evaluate(model, tok, held_out, 100),
               "steps": args.steps, "batch": args.batch, "last_loss": loss.item(), "seconds": round(time.time() - started)},
              open(f"{args.out}/scorer-log.json", "w"), indent=1)


def save(model, folder):
    model.logit_scale.data.fill_(math.log(100))
    state = {k: v.half() for k, v in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=state, safe_serialization=True)
    config = json.load(open(f"{folder}/config.json"))
    config["torch_dtype"] = "float16"
    json.dump(config, open(f"{folder}/config.json", "w"), indent=2)
    json.dump({"crop_size": {"height": 64, "width": 64}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True,
               "do_rescale": True, "do_resize": True, "image_mean": MEAN.flatten().double().numpy().round(8).tolist(),
               "image_processor_type": "CLIPImageProcessor", "image_std": STD.flatten().double().numpy().round(8).tolist(), "resample": 3,
               "rescale_factor": 1 / 255, "size": {"shortest_edge": 64}}, open(f"{folder}/preprocessor_config.json", "w"), indent=2)


if __name__ == "__main__":
    main()
