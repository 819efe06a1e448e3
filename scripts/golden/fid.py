"""Golden values of the Frechet distance and of the files that hold precomputed statistics.

    pip install --no-deps -r scripts/golden/requirements-scorers.txt
    python scripts/golden/fid.py

Writes src/test/resources/golden/fid/
  CASE-a.npz, CASE-b.npz   mu, sigma as pytorch-fid saves them, of
                             full        24 dimensions, 200 and 150 samples
                             deficient   24 dimensions, 9 and 12 samples: both covariances singular
                             far         the same with means 100 apart and scales 1e-3 and 1e3
                             same        the same file twice, singular
  features.npy             40 feature vectors of 24 numbers; features.npz: their statistics by numpy (compressed)
  distances.json           for each case what scipy's matrix root gives, the way pytorch-fid does it (`scipy`), and the
                           sum of singular values of the factors A^T B known from the samples (`factors`), which needs
                           no root of a singular matrix
  inception.pt             a TorchScript network with the signature of FID's Inception: the means of 2 x 4 fields of
                           each plane, 24 features, in place of the real one, which is the user's
  evil.pt                  the same signature, but its forward writes a file: it must never be run
  inception.json           clean-fid's resizing of photographs/pair.png: every 4,999th value of [3, 299, 299]; and the
                           features of that by inception.pt
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import linalg

RESOURCES = Path(__file__).resolve().parents[2] / "src/test/resources/golden"
OUT = RESOURCES / "fid"
D = 24


def moments(x):
    return x.mean(axis=0), np.cov(x, rowvar=False)


def with_scipy(a, b):
    (m1, s1), (m2, s2) = moments(a), moments(b)
    root = linalg.sqrtm(s1 @ s2)
    if not np.isfinite(root).all():
        offset = 1e-6 * np.eye(D)
        root = linalg.sqrtm((s1 + offset) @ (s2 + offset))
    return float((m1 - m2) @ (m1 - m2) + np.trace(s1) + np.trace(s2) - 2 * np.trace(np.real(root)))


def with_factors(a, b):
    """The covariances' factors are the centred samples themselves."""
    (m1, s1), (m2, s2) = moments(a), moments(b)
    f1 = (a - m1) / np.sqrt(len(a) - 1)
    f2 = (b - m2) / np.sqrt(len(b) - 1)
    between = linalg.svdvals(f1 @ f2.T).sum()
    return float((m1 - m2) @ (m1 - m2) + np.trace(s1) + np.trace(s2) - 2 * between)


def samples(rng, n, shift=0.0, scale=1.0):
    return np.abs(rng.normal(0.4, 0.3, (n, D)) @ rng.normal(0, 0.4, (D, D))) * scale + shift


class Means(torch.nn.Module):
    def forward(self, img: torch.Tensor, return_features: bool = False, use_fp16: bool = False) -> torch.Tensor:
        x = torch.nn.functional.adaptive_avg_pool2d(img.to(torch.float32), [2, 4])
        x = x.reshape(x.shape[0], -1)
        return x if return_features else x[:, :10]


class Evil(torch.nn.Module):
    """What a file may do when it is run: here it writes a file into the working folder."""

    def forward(self, img: torch.Tensor, return_features: bool = False, use_fp16: bool = False) -> torch.Tensor:
        torch.save(img, "realera-evil")
        return torch.zeros([img.shape[0], 8])


def clean(image):
    """clean-fid's resizing: each plane alone, in float, antialiased bicubic, nothing rounded."""
    planes = [Image.fromarray(p.astype(np.float32)).resize((299, 299), Image.BICUBIC) for p in np.moveaxis(np.asarray(image), 2, 0)]
    return np.stack([np.asarray(p) for p in planes]).clip(0, 255)


def inception():
    network = torch.jit.script(Means().eval())
    torch.jit.save(network, str(OUT / "inception.pt"))
    torch.jit.save(torch.jit.script(Evil().eval()), str(OUT / "evil.pt"))
    x = clean(Image.open(RESOURCES / "photographs/pair.png"))
    features = network(torch.from_numpy(x)[None], return_features=True)[0]
    values = {"resized": x.reshape(-1)[::4999].tolist(), "features": features.tolist()}
    (OUT / "inception.json").write_text(json.dumps(values, indent=1) + "\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    same = samples(rng, 10)
    cases = {
        "full": (samples(rng, 200), samples(rng, 150)),
        "deficient": (samples(rng, 9), samples(rng, 12)),
        "far": (samples(rng, 9, 100.0, 1e-3), samples(rng, 300, 0.0, 1e3)),
        "same": (same, same),
    }
    for name, pair in cases.items():
        for side, x in zip("ab", pair):
            mu, sigma = moments(x)
            np.savez(OUT / f"{name}-{side}.npz", mu=mu, sigma=sigma)
    features = samples(rng, 40)
    np.save(OUT / "features.npy", features.astype(np.float32))
    mu, sigma = moments(features.astype(np.float32).astype(np.float64))
    np.savez_compressed(OUT / "features.npz", mu=mu, sigma=sigma)
    inception()
    distances = {n: {"scipy": with_scipy(a, b), "factors": with_factors(a, b)} for n, (a, b) in cases.items()}
    (OUT / "distances.json").write_text(json.dumps(distances, indent=1) + "\n")


if __name__ == "__main__":
    main()
