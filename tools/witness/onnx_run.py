"""A run's model as ONNX: what another program makes of the file alone.

Digits are trained on by `balance train`, exported by `balance export`, and put through onnxruntime
with no more knowledge of the run than the file's metadata. The probabilities must be those of
`balance predict`. `balance import` must bring the same weights back.
"""

import argparse
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnxruntime
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from onnx_models import checker, onnx_probabilities  # noqa: E402
from report import check, finish  # noqa: E402

# Model, image size, channels.
RUNS = [("resnet20", 16, 1), ("cnn", 13, 3)]


class Balance:
    def __init__(self, binary, folder):
        self.binary, self.folder = pathlib.Path(binary).resolve(), folder

    def __call__(self, *arguments):
        result = subprocess.run(
            [self.binary, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"balance {' '.join(map(str, arguments))}: {result.stderr}")
        return result.stdout


def images(paths, properties):
    """Images [N, H, W, C] as a file's metadata wants them."""
    height, width = json.loads(properties["image_size"])
    assert properties["resize"].startswith("upright by EXIF, then bilinear, antialiased")
    mode = {"grey": "L", "red, green, blue": "RGB"}[properties["channels"]]
    read = [
        numpy.asarray(
            Image.open(path).convert(mode).resize((width, height), Image.Resampling.BILINEAR)
        ).reshape(height, width, -1)
        for path in paths
    ]
    pixels = numpy.stack(read).astype(numpy.float32)
    if properties["input"] == "pixels, 0 to 255":
        return pixels
    assert properties["input"] == "(pixels / 255 - mean) / std"
    mean, deviation = (numpy.float32(json.loads(properties[key])) for key in ("mean", "std"))
    return ((pixels / numpy.float32(255) - mean) / deviation).astype(numpy.float32)


def metadata(path):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.get_modelmeta().custom_metadata_map


def predictions(text, classes):
    rows = list(csv.DictReader(io.StringIO(text)))
    return numpy.array([[float(row[f"p:{name}"]) for name in classes] for row in rows])


def verify(balance, model, side, channels):
    label = f"{model} at {side}, {channels} channel{'s' * (channels > 1)}"
    run = f"run-{model}"
    balance("train", "data/digits", "--model", model, "--image-size", side, "--channels", channels,
            "--epochs", 8, "--batch-size", 32, "--lr", 0.05, "--precision", "f32", "--out", run)
    paths = sorted((balance.folder / "data/digits/test").rglob("*.png"))
    told = balance("predict", "--model", run, *paths)
    for options in ([], ["--fold-batch-norm"], ["--with-preprocessing"],
                    ["--fold-batch-norm", "--with-preprocessing"]):
        path = balance.folder / "model.onnx"
        balance("export", run, "--out", path, *options)
        properties = metadata(path)
        classes = json.loads(properties["classes"])
        found, _ = onnx_probabilities(path, images(paths, properties))
        expected = predictions(told, classes)
        worst = float(numpy.abs(found - expected).max())
        correct = float(numpy.mean(
            [classes[k] == path.parent.name for k, path in zip(found.argmax(1), paths)]))
        problem = checker(path)
        check(f"{label}, export {' '.join(options) or 'as it is'}: {len(found)} images",
              worst < 1e-5 and problem is None and correct > 0.5,
              f"largest difference from predict {worst:.1e} (below 1e-5), accuracy {correct:.2f},"
              f" onnx.checker {problem or 'passes'}")
    comes_back(balance, label, run, model, channels)


def comes_back(balance, label, run, model, channels):
    weights = load_file(balance.folder / run / "weights.safetensors")
    for name in ("model.onnx", "model.safetensors"):
        balance("export", run, "--out", name)
        balance("import", name, "--model", model, "--classes", 10, "--channels", channels,
                "--out", "back.safetensors")
        back = load_file(balance.folder / "back.safetensors")
        same = weights.keys() == back.keys() and all(
            torch.equal(weights[key], back[key]) for key in weights)
        check(f"{label}: {name} exported and imported", same, f"{len(back)} tensors, bit for bit")
    with safe_open(balance.folder / "model.safetensors", "pt") as file:
        said = file.metadata()
    check(f"{label}: metadata of safetensors", said == metadata(balance.folder / "model.onnx"),
          f"that of ONNX: {', '.join(sorted(said))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the balance program")
    with tempfile.TemporaryDirectory() as text:
        balance = Balance(parser.parse_args().binary, pathlib.Path(text))
        balance("demo", "--to", "data", "--data-only")
        for case in RUNS:
            verify(balance, *case)
    finish()


if __name__ == "__main__":
    main()
