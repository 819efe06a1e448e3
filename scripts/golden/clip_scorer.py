"""Golden data for ClipScorerTest: a miniature CLIP model with seeded random weights, and transformers' scores with it.

    pip install -r requirements.txt pillow==13.0.0
    python clip_scorer.py ../../src/test/resources/golden

Writes tiny-scorer/ (config, weights, processor, the tokenizer of tiny-sd) and tiny-scorer.json: for each picture of
clip-preprocess/ 100 x cosine with each text.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer

TEXTS = ["a photo of the cat", "a photo of the astronaut", "a photo of the winged creature", "sky"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("golden", type=Path)
    golden = parser.parse_args().golden
    tokenizer = CLIPTokenizer.from_pretrained(golden / "tiny-sd" / "tokenizer")
    text = dict(vocab_size=len(tokenizer), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id)
    vision = dict(image_size=32, patch_size=8, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2)
    torch.manual_seed(0)
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                p.copy_(torch.randn(p.shape) * (0.5 if "embedding" in name else p[0].numel() ** -0.5))
    processor = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    out = golden / "tiny-scorer"
    model.save_pretrained(out)
    processor.save_pretrained(out)
    for name in ("vocab.json", "merges.txt"):
        shutil.copyfile(golden / "tiny-sd" / "tokenizer" / name, out / name)
    ids = tokenizer(TEXTS, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    expected = {}
    with torch.no_grad():
        texts = torch.nn.functional.normalize(model.get_text_features(ids), dim=-1)
        for picture in ("cat", "astronaut", "small"):
            pixels = processor(Image.open(golden / "clip-preprocess" / f"{picture}.png"), return_tensors="pt")["pixel_values"]
            image = torch.nn.functional.normalize(model.get_image_features(pixels), dim=-1)
            expected[picture] = [round(v, 5) for v in (100 * image @ texts.T)[0].tolist()]
    (golden / "tiny-scorer.json").write_text(json.dumps({"texts": TEXTS, "scores": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main()
