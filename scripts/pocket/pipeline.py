"""Drawing with the exported folder, and scoring with its scorer."""

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer

import world
from train_scorer import normalise

OPEN_SET = ["sky", "sea", "ground", "grass", "road", "night", "snow", "desert"]


class Model:
    def __init__(self, folder):
        self.tokenizer = CLIPTokenizer.from_pretrained(f"{folder}/tokenizer")
        self.text = CLIPTextModel.from_pretrained(f"{folder}/text_encoder").float().eval()
        self.unet = UNet2DConditionModel.from_pretrained(f"{folder}/unet").float().eval()
        self.vae = AutoencoderKL.from_pretrained(f"{folder}/vae").float().eval()
        self.scheduler = DDIMScheduler.from_pretrained(f"{folder}/scheduler")

    @torch.no_grad()
    def embed(self, prompts):
        ids = self.tokenizer(prompts, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        return self.text(ids).last_hidden_state

    @torch.no_grad()
    def draw(self, prompts, seeds, guidance, steps=25, batch=25):
        """One picture a prompt and seed, [N, 3, 64, 64] in 0..1; noise as torch.manual_seed(seed) gives it."""
        out = []
        for i in range(0, len(prompts), batch):
            text = self.embed(prompts[i:i + batch])
            both = torch.cat([self.embed([""]).expand(len(text), -1, -1), text])
            z = torch.cat([torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(s)) for s in seeds[i:i + batch]])
            self.scheduler.set_timesteps(steps)
            for t in self.scheduler.timesteps:
                free, told = self.unet(torch.cat([z, z]), t, both).sample.chunk(2)
                z = self.scheduler.step(free + guidance * (told - free), t, z).prev_sample
            out.append(self.vae.decode(z / self.vae.config.scaling_factor).sample.clamp(-1, 1) * .5 + .5)
        return torch.cat(out)


class Scorer:
    def __init__(self, folder):
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)
        self.model = CLIPModel.from_pretrained(folder).float().eval()
        self.names = list(world.CLASSES) + OPEN_SET
        self.prompts = self._text([f"a photo of the {n}" for n in self.names])

    @torch.no_grad()
    def _text(self, texts):
        return F.normalize(self.model.get_text_features(**self.tokenizer(texts, padding=True, return_tensors="pt")), dim=-1)

    @torch.no_grad()
    def probabilities(self, images, open_set=False):
        """[N, 10], or [N, 18] with the scenes. Pictures are read as the 8-bit files they would be."""
        x = (images * 255).round() / 255
        v = F.normalize(self.model.get_image_features(pixel_values=normalise(x)), dim=-1)
        logits = 100 * v @ self.prompts.T
        return (logits if open_set else logits[:, :10]).softmax(-1)

    def score(self, images, label):
        """Mean probability and top-1 of `label`, closed and open set."""
        i, out = self.names.index(label), {}
        for kind, is_open in (("closed", False), ("open", True)):
            if not is_open and i >= 10:
                continue
            p = self.probabilities(images, is_open)
            out[kind] = {"probability": round(p[:, i].mean().item(), 4), "top1": round((p.argmax(-1) == i).float().mean().item(), 4)}
        return out


def sheet(rows, path, scale=1):
    """Saves rows of pictures [n, 3, 64, 64] as one PNG."""
    from PIL import Image
    width = max(len(r) for r in rows)
    out = np.full((len(rows) * 66, width * 66, 3), 255, np.uint8)
    for y, row in enumerate(rows):
        for x, image in enumerate(row):
            out[y * 66 + 1:y * 66 + 65, x * 66 + 1:x * 66 + 65] = (image.permute(1, 2, 0) * 255).round().byte().numpy()
    image = Image.fromarray(out)
    image.resize((image.width * scale, image.height * scale), Image.NEAREST).save(path)
