"""Converts GIPHY's celebrity detector to the one safetensors file that `realera eval` reads.

    pip install -r scripts/scorers/requirements.txt
    python scripts/scorers/convert_celebrity.py --resources resources --out celebrity.safetensors

RESOURCES is the unpacked resources.tar.gz of the public release (github.com/Giphy/celeb-detection-oss, examples/README):
  face_detection/det1.npy, det2.npy, det3.npy     MTCNN, pickled dictionaries of numpy arrays: layer -> weights, biases, alpha
  face_recognition/best_model_states.pkl          torch checkpoint; its `model_state` is a ResNet-50
  face_recognition/labels.csv                     Label,Index; the network's classes are the labels sorted by name

With --mtcnn FOLDER the face detector is taken from facenet-pytorch's package data instead (pnet.pt, rnet.pt, onet.pt:
the same networks, as plain state dicts).

Written against the release's own code, which names every tensor; not tried on the released weights themselves. Every
tensor that is expected must be there, and none may be left over that is not known to be of no use.

numpy's and torch's pickles can run code when they are loaded: convert only files whose source you trust. The torch
file is loaded with weights_only=True, which forbids that.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

DET = {"pnet": "det1.npy", "rnet": "det2.npy", "onet": "det3.npy"}

# GIPHY's layer -> facenet-pytorch's, and what it is
LAYERS = {
    "pnet": {
        "conv1": ("conv1", "conv"), "PReLU1": ("prelu1", "prelu"),
        "conv2": ("conv2", "conv"), "PReLU2": ("prelu2", "prelu"),
        "conv3": ("conv3", "conv"), "PReLU3": ("prelu3", "prelu"),
        "conv4-1": ("conv4_1", "conv"), "conv4-2": ("conv4_2", "conv"),
    },
    "rnet": {
        "conv1": ("conv1", "conv"), "prelu1": ("prelu1", "prelu"),
        "conv2": ("conv2", "conv"), "prelu2": ("prelu2", "prelu"),
        "conv3": ("conv3", "conv"), "prelu3": ("prelu3", "prelu"),
        "conv4": ("dense4", "dense"), "prelu4": ("prelu4", "prelu"),
        "conv5-1": ("dense5_1", "dense"), "conv5-2": ("dense5_2", "dense"),
    },
    "onet": {
        "conv1": ("conv1", "conv"), "prelu1": ("prelu1", "prelu"),
        "conv2": ("conv2", "conv"), "prelu2": ("prelu2", "prelu"),
        "conv3": ("conv3", "conv"), "prelu3": ("prelu3", "prelu"),
        "conv4": ("conv4", "conv"), "prelu4": ("prelu4", "prelu"),
        "conv5": ("dense5", "dense"), "prelu5": ("prelu5", "prelu"),
        "conv6-1": ("dense6_1", "dense"), "conv6-2": ("dense6_2", "dense"), "conv6-3": ("dense6_3", "dense"),
    },
}  # fmt: skip

# The release keeps torchvision's children in one Sequential: their place there -> their name.
STEM = {"0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4"}


def mtcnn_of_giphy(folder):
    """The networks run on pictures with rows and columns exchanged: kernels are [x, y, in, out], matrices [in, out].
    So the transpose of all dimensions is what torch wants of either."""
    tensors = {}
    for net, file in DET.items():
        layers = np.load(folder / file, allow_pickle=True, encoding="latin1").item()
        unknown = set(layers) ^ set(LAYERS[net])
        if unknown:
            sys.exit(f"{folder / file}: layers that are missing or unknown: {sorted(unknown)}")
        for layer, (name, kind) in LAYERS[net].items():
            values = {key: np.asarray(v, np.float32) for key, v in layers[layer].items()}
            if kind == "prelu":
                tensors[f"{net}.{name}.weight"] = torch.from_numpy(values["alpha"].copy())
            else:
                tensors[f"{net}.{name}.weight"] = torch.from_numpy(values["weights"].transpose().copy())
                tensors[f"{net}.{name}.bias"] = torch.from_numpy(values["biases"].copy())
    return tensors


def mtcnn_of_facenet(folder):
    tensors = {}
    for net in DET:
        state = torch.load(folder / f"{net}.pt", map_location="cpu", weights_only=True)
        tensors.update({f"{net}.{name}": tensor.float().contiguous() for name, tensor in state.items()})
    return tensors


def classifier(file):
    state = torch.load(file, map_location="cpu", weights_only=True)["model_state"]
    tensors = {}
    for name, tensor in state.items():
        head, _, rest = name.partition(".")
        if head == "center_loss_criterion" or name.endswith("num_batches_tracked"):
            continue  # centres of the training's second loss; counters
        if head != "model":
            sys.exit(f"{file}: unknown tensor {name}")
        part, _, rest = rest.partition(".")
        if part == "stem":
            place, _, rest = rest.partition(".")
            if place not in STEM:
                sys.exit(f"{file}: unknown tensor {name}")
            part = STEM[place]
        elif part not in ("fc1", "fc2"):
            sys.exit(f"{file}: unknown tensor {name}")
        tensors[f"resnet.{part}.{rest}"] = tensor.float().contiguous()
    return tensors


def labels(file):
    """Names as people write them: `50_Cent_[m.01vvyc_]` is 50 Cent. Order: by the label as it stands in the file."""
    with open(file, newline="", encoding="utf-8") as rows:
        reader = csv.reader(rows)
        next(reader)
        stems = sorted(row[0] for row in reader)
    return [stem.split("_[", 1)[0].replace("_", " ") for stem in stems]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resources", type=Path, required=True, help="the unpacked resources.tar.gz")
    parser.add_argument("--mtcnn", type=Path, help="facenet-pytorch's package data, for the face detector")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    recognition = args.resources / "face_recognition"
    tensors = mtcnn_of_facenet(args.mtcnn) if args.mtcnn else mtcnn_of_giphy(args.resources / "face_detection")
    tensors.update(classifier(recognition / "best_model_states.pkl"))
    names = labels(recognition / "labels.csv")
    if tensors["resnet.fc2.weight"].shape[0] != len(names):
        sys.exit(f"{len(names)} labels, but {tensors['resnet.fc2.weight'].shape[0]} classes")
    save_file(tensors, args.out, {"labels": json.dumps(names), "source": "GIPHY celeb-detection-oss"})
    print(f"{args.out}: {len(tensors)} tensors, {len(names)} celebrities")


if __name__ == "__main__":
    main()
