"""Golden values of the NudeNet scorer, from the package nudenet itself.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/photographs.py
    python scripts/golden/nudenet_reference.py

Writes src/test/resources/golden/nudenet/
  detections.json       what NudeDetector finds in the photographs (needs the detector: only a test with 320n.onnx reads it)
  input.json            SHA-256 of the network's input for pictures of several sizes, as 8-bit planes
  output.npy            a made-up raw output, [1, 22, 300] float32; postprocessed.json: what the package reads in it
  tiny.onnx             a network of the detector's shape that answers with the mean of each plane: no NudeNet in it
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from nudenet import NudeDetector, nudenet
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

RESOURCES = Path(__file__).resolve().parents[2] / "src/test/resources/golden"
OUT = RESOURCES / "nudenet"
SIZES = [(320, 320), (512, 512), (640, 640), (333, 500), (700, 300), (64, 64), (321, 319)]


def write(name, value):
    """JSON with a line for each detection."""
    (OUT / name).write_text(json.dumps(value).replace("{", "\n{") + "\n")


def gradient(width, height):
    """A picture that a test in any language can make again."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 7 + y * 13 + c * 101 + (x * y) % 251) % 256).astype(np.uint8)


def photographs():
    detector = NudeDetector()
    return {p.stem: detector.detect(str(p)) for p in sorted((RESOURCES / "photographs").glob("*.png"))}


def inputs():
    digests = {}
    for width, height in SIZES:
        blob = nudenet._read_image(np.ascontiguousarray(gradient(width, height)[:, :, ::-1]), 320)[0]
        planes = np.rint(blob * 255).astype(np.uint8)
        digests[f"{width}x{height}"] = hashlib.sha256(planes.tobytes()).hexdigest()
    return digests


def made_up_output(rng):
    """300 candidates in clusters, so that the suppression has something to do; some reach over the edges."""
    centers = rng.uniform(0, 320, (60, 2))
    rows = np.zeros((1, 22, 300), np.float32)
    rows[0, :2] = (centers[rng.integers(0, 60, 300)] + rng.normal(0, 6, (300, 2))).T
    rows[0, 2:4] = rng.uniform(10, 90, (2, 300))
    rows[0, 4:] = rng.uniform(0, 0.9, (18, 300)) ** 4
    return rows


def postprocessed(output, width, height):
    pad_x, pad_y = max(width, height) - width, max(width, height) - height
    return nudenet._postprocess([output], pad_x, pad_y, 1, 1, width, height, 320, 320)


def tiny():
    weight = np.zeros((22, 3, 1, 1), np.float32)
    weight[0, 0], weight[1, 1], weight[2, 2] = 100, 100, 100  # x, y, w: the planes' means
    bias = np.zeros(22, np.float32)
    bias[3], bias[4 + 11] = 50, 0.75  # h, and the score of ARMPITS_EXPOSED
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Conv", ["mean", "weight", "bias"], ["rows"]),
        helper.make_node("Reshape", ["rows", "shape"], ["output0"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, ["batch", 22, "boxes"])],
        [
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(bias, "bias"),
            numpy_helper.from_array(np.array([-1, 22, 1], np.int64), "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, OUT / "tiny.onnx")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write("detections.json", photographs())
    write("input.json", inputs())
    output = made_up_output(np.random.default_rng(3))
    np.save(OUT / "output.npy", output)
    write("postprocessed.json", {f"{w}x{h}": postprocessed(output, w, h) for w, h in [(512, 512), (300, 451), (600, 200)]})
    tiny()


if __name__ == "__main__":
    main()
