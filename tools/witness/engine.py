"""The engine against PyTorch: the same model, weights, batches and optimizer, step by step.

Prints a line a check, `ok` or `FAIL`, with its figure; exits 1 if one fails.

Training from the usual start magnifies rounding: within 30 steps PyTorch in single precision is 1e-2
away from PyTorch in double precision, which hides what is to be seen. The runs here start with the
second batch norm of each residual block at 0.1, from where both stay together; PyTorch's own
distance from double precision is printed beside ours.
"""

import argparse
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file, save_file
from sklearn.datasets import load_digits

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import models  # noqa: E402

STEPS, BATCH, SIDE, CLASSES = 30, 64, 16, 10
RATE, MOMENTUM, DECAY = 0.01, 0.9, 5e-4


def report(passed, name, figure):
    print(f"{'ok  ' if passed else 'FAIL'}  {name}: {figure}", flush=True)
    return passed


def batches():
    """Handwritten digits, each pixel doubled, in three channels, with noise.

    Without the noise neighbours are equal, and rounding decides which of them wins a maximum.
    """
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32)
    images = (images - images.mean()) / images.std()
    order = torch.cat([torch.randperm(len(images)) for _ in range(2)])[: STEPS * BATCH]
    pixels = images[order].repeat_interleave(2, 1).repeat_interleave(2, 2)
    pixels = pixels[:, None].repeat(1, 3, 1, 1)
    pixels += 0.2 * torch.randn(pixels.shape)
    labels = torch.tensor(digits.target)[order]
    return pixels.reshape(STEPS, BATCH, 3, SIDE, SIDE), labels.reshape(STEPS, BATCH)


def start(name):
    """He's initial weights, with calm residual branches."""
    model = models.make(name)
    for key, module in model.named_modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight)
        if key.endswith(".bn2"):
            torch.nn.init.constant_(module.weight, 0.1)
    return model


def train_torch(model, pixels, labels):
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    losses = []
    model.train()
    dtype = next(model.parameters()).dtype
    for x, y in zip(pixels, labels):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x.to(dtype)), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_here(probe, folder, name, algorithm, threads, pixels, labels):
    problem = dict(
        model=name, height=SIDE, width=SIDE, channels=3, classes=CLASSES, batch=BATCH,
        steps=STEPS, learningRate=RATE, momentum=MOMENTUM, weightDecay=DECAY,
        options=dict(convolution=algorithm, precision="f32"), threads=threads,
    )
    (folder / "problem.json").write_text(json.dumps(problem))
    pixels.permute(0, 1, 3, 4, 2).contiguous().numpy().tofile(folder / "pixels.bin")
    labels.to(torch.int32).numpy().tofile(folder / "labels.bin")
    subprocess.run([probe, "train", str(folder)], check=True)
    losses = json.loads((folder / "losses.json").read_text())
    logits = numpy.fromfile(folder / "logits.bin", dtype=numpy.float32).reshape(BATCH, CLASSES)
    return losses, load_file(folder / "final.safetensors"), torch.from_numpy(logits)


def compare(probe, name, algorithm, threads):
    torch.manual_seed(0)
    pixels, labels = batches()
    model = start(name)
    double = copy.deepcopy(model).double()
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        state = {k: v.clone() for k, v in model.state_dict().items()}
        save_file(state, folder / "initial.safetensors")
        ours, final, logits = train_here(
            probe, folder, name, algorithm, threads, pixels, labels
        )
    theirs = train_torch(model, pixels, labels)
    exact = train_torch(double, pixels, labels)
    worst, ours_off, theirs_off = (
        max(abs(a - b) / abs(b) for a, b in zip(x, y))
        for x, y in ((ours, theirs), (ours, exact), (theirs, exact))
    )
    difference = size = 0.0
    for key, value in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        difference += float(((final[key] - value).double() ** 2).sum())
        size += float((value.double() ** 2).sum())
    weights = (difference / size) ** 0.5
    model.load_state_dict(final, strict=False)
    model.eval()
    with torch.no_grad():
        expected = model(pixels[0])
    evaluation = float((logits - expected).norm() / expected.norm())
    label = f"{name}, {algorithm} convolutions, {threads} threads"
    passed = report(
        worst < 1e-4, f"{label}: {STEPS} losses, {ours[0]:.3f} to {ours[-1]:.3f}",
        f"largest relative difference {worst:.1e} (below 1e-4); from double precision: "
        f"ours {ours_off:.1e}, PyTorch's {theirs_off:.1e}",
    )
    passed &= report(
        weights < 1e-3, f"{label}: final weights",
        f"difference {weights:.1e} of their norm (below 1e-3)",
    )
    passed &= report(
        evaluation < 1e-4, f"{label}: evaluation logits of the same weights",
        f"relative difference {evaluation:.1e} (below 1e-4)",
    )
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", required=True, help="the engine-probe program")
    probe = parser.parse_args().probe
    print(f"      PyTorch {torch.__version__}, {BATCH} images a batch, SGD at {RATE}")
    passed = True
    for name, algorithm, threads in [
        ("resnet20", "direct", 2),
        ("resnet20", "automatic", 2),
        ("resnet20", "direct", 1),
        ("cnn", "automatic", 2),
    ]:
        passed &= compare(probe, name, algorithm, threads)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
