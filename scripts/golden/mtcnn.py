"""Golden values of the celebrity detector: MTCNN against facenet-pytorch, ResNet-50 against torchvision.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/photographs.py
    python scripts/golden/mtcnn.py

Writes src/test/resources/golden/celebrity/
  mtcnn.safetensors   the three networks of facenet-pytorch 2.6.0 (MIT licence, (c) 2019 Timothy Esler; from David
                      Sandberg's facenet, MIT), float32 as they are
  faces.json          the boxes [left, top, right, bottom] and probabilities that its MTCNN finds in the photographs
  resnet.json         features and probabilities of torchvision's resnet50 with GIPHY's head of 256 and 10, weights drawn
                      tensor by tensor from their own seeds, for a picture drawn likewise
  crops.json          what GIPHY's preprocessing makes of pair.png for a box: SHA-256 of the 8-bit pixels of the crop
                      resized to 224 x 224 by Pillow's bilinear filter (scipy.misc.imresize)

Checks besides that scripts/scorers/convert_celebrity.py undoes the layout of GIPHY's det1.npy, det2.npy, det3.npy.
"""

import hashlib
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "src/test/resources/golden"
OUT = RESOURCES / "celebrity"
sys.path.insert(0, str(ROOT / "scripts/scorers"))
import convert_celebrity  # noqa: E402


def facenet_weights():
    folder = Path(importlib.util.find_spec("facenet_pytorch").submodule_search_locations[0]) / "data"
    return convert_celebrity.mtcnn_of_facenet(folder)


def faces():
    from facenet_pytorch import MTCNN

    detector = MTCNN(keep_all=True, select_largest=False)
    found = {}
    for name in ["astronaut", "pair"]:
        image = Image.open(RESOURCES / f"photographs/{name}.png")
        boxes, probabilities = detector.detect(image)
        found[name] = [{"box": b.tolist(), "probability": float(p)} for b, p in zip(boxes, probabilities)]
    plain = Image.new("RGB", (64, 64), (90, 120, 200))
    assert detector.detect(plain)[0] is None
    return found


def layouts_agree(weights):
    """Lays facenet-pytorch's tensors out as GIPHY's files have them, converts those and compares."""
    with tempfile.TemporaryDirectory() as folder:
        for net, file in convert_celebrity.DET.items():
            layers = {}
            for layer, (name, kind) in convert_celebrity.LAYERS[net].items():
                w = weights[f"{net}.{name}.weight"].numpy()
                if kind == "prelu":
                    layers[layer] = {"alpha": w}
                else:
                    b = weights[f"{net}.{name}.bias"].numpy()
                    layers[layer] = {"weights": w.transpose(), "biases": b}
            np.save(Path(folder) / file, layers)
        again = convert_celebrity.mtcnn_of_giphy(Path(folder))
    assert again.keys() == weights.keys(), again.keys() ^ weights.keys()
    for name, tensor in weights.items():
        assert torch.equal(tensor, again[name]), name


def drawn(name, shape, index):
    """A weight that any torch draws again: scaled so that numbers neither vanish nor explode."""
    x = torch.randn(shape, generator=torch.Generator().manual_seed(index))
    if name.endswith("running_var"):
        return 1 + 0.5 * torch.tanh(x)
    if x.dim() == 1:
        if name.endswith("bn3.weight"):
            return 0.2 + 0.02 * x
        return (1 if name.endswith("weight") else 0) + 0.1 * x
    return x * (2.0 / (x.numel() / x.shape[0])) ** 0.5


def resnet():
    network = torchvision.models.resnet50(weights=None)
    network.fc = torch.nn.Identity()
    shapes = {n: t.shape for n, t in sorted(network.state_dict().items()) if t.is_floating_point()}
    state = {n: drawn(n, shape, i) for i, (n, shape) in enumerate(shapes.items())}
    network.load_state_dict(state, strict=False)
    network.eval()
    fc1, fc2 = torch.nn.Linear(2048, 256), torch.nn.Linear(256, 10)
    for index, layer in [(1000, fc1), (1001, fc2)]:
        layer.weight.data = drawn("fc.weight", layer.weight.shape, index) * (0.3 if layer is fc1 else 1)
        layer.bias.data = torch.zeros_like(layer.bias)
    picture = torch.rand((1, 3, 224, 224), generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        features = network(picture)
        probabilities = fc2(fc1(features)).softmax(1)
    assert probabilities.max() < 0.9 and features.max() < 100, (probabilities, features.max())
    tensors = [[n, list(shape)] for n, shape in shapes.items()]
    return {"tensors": tensors, "features": features[0].tolist(), "probabilities": probabilities[0].tolist()}


def crops():
    image = Image.open(RESOURCES / "photographs/pair.png")
    boxes = {"inside": [50.7, 60.2, 120.3, 150.9], "over the edge": [-10.4, -3.3, 80.1, 90.6], "corner": [300.5, 150.5, 377.9, 230.1]}
    result = []
    for box in boxes.values():
        x_margin, y_margin = int((box[2] - box[0]) * 0.2), int((box[3] - box[1]) * 0.2)
        left, top = int(max(box[0] - x_margin / 2, 0)), int(max(box[1] - y_margin / 2, 0))
        right, bottom = int(min(box[2] + x_margin / 2, image.width)), int(min(box[3] + y_margin / 2, image.height))
        crop = image.crop((left, top, right, bottom)).resize((224, 224), Image.BILINEAR)
        result.append({"box": box, "sha256": hashlib.sha256(crop.tobytes()).hexdigest()})
    return result


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    weights = facenet_weights()
    layouts_agree(weights)
    save_file(weights, OUT / "mtcnn.safetensors", {"source": "facenet-pytorch 2.6.0, MIT licence, (c) 2019 Timothy Esler"})
    (OUT / "mtcnn.safetensors").chmod(0o644)
    for name, value in [("faces", faces()), ("resnet", resnet()), ("crops", crops())]:
        (OUT / f"{name}.json").write_text(json.dumps(value) + "\n")


if __name__ == "__main__":
    main()
