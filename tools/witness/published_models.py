"""Models against torchvision or timm: the same random weights, logits and gradients.

Prints a line a check, `ok` or `FAIL`, with its figure; exits 1 if one fails.

The reference is the library's model in double precision. What rounding alone makes of a gradient in single
precision is a matter of the network: where a value lies on the other side of a ReLU's kink, a whole
term is there or not. Its own distance in single precision is beside ours.
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

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import models  # noqa: E402
from report import check, finish  # noqa: E402

# Model, side of its images, batch, classes: each with an odd something.
CASES = {
    "torchvision": [
        ("resnet18", 64, 8, 10),
        ("resnet34", 64, 8, 7),
        ("resnet50", 72, 6, 10),
        ("mobilenet_v2", 96, 6, 10),
        ("mobilenet_v3_small", 96, 8, 10),
        ("mobilenet_v3_large", 112, 6, 10),
        ("efficientnet_b0", 96, 6, 11),
    ],
    # Sides that halve to even and to odd ones: padding differs.
    "timm": [
        ("efficientnet_lite0", 96, 6, 10),
        ("efficientnet_lite1", 90, 6, 11),
        ("efficientnet_lite2", 101, 6, 10),
    ],
}
THREADS = 2


def start(name, classes, clear):
    """A model with random weights, affine parts and running statistics, and without chance.

    `clear`: norms whose results lie some deviations away from ReLU's kink on either side, so that
    rounding hardly ever decides whether a ReLU passes a value on.
    """
    model = models.make(name, classes=classes)
    for key, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.2)
            if clear:
                sign = (torch.rand(module.num_features) < 0.75) * 2.0 - 1
                torch.nn.init.uniform_(module.weight, 0.3, 0.6)
                module.bias.data = 3.5 * sign * module.weight.data
            torch.nn.init.normal_(module.running_mean, 0, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
        if isinstance(module, torch.nn.Dropout) or type(module).__name__ == "StochasticDepth":
            module.p = 0.0
    return model


def torch_run(model, pixels, gradient):
    """Evaluation logits, then training logits and the gradients of all parameters."""
    dtype = next(model.parameters()).dtype
    model.eval()
    with torch.no_grad():
        evaluation = model(pixels.to(dtype))
    model.train()
    training = model(pixels.to(dtype))
    model.zero_grad()
    training.backward(gradient.to(dtype))
    return evaluation, training.detach(), {k: p.grad for k, p in model.named_parameters()}


def distance(found, expected):
    """‖found − expected‖ / ‖expected‖."""
    found, expected = found.double(), expected.double()
    return float((found - expected).norm() / expected.norm())


def probe_run(probe, folder, name, side, batch, classes, model, pixels, gradient):
    problem = dict(
        model=name, height=side, width=side, channels=3, classes=classes, batch=batch,
        options=dict(convolution="direct", precision="f32"), threads=THREADS,
    )
    (folder / "problem.json").write_text(json.dumps(problem))
    save_file({k: v.clone() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
    pixels.permute(0, 2, 3, 1).contiguous().numpy().tofile(folder / "pixels.bin")
    gradient.numpy().tofile(folder / "gradient.bin")
    subprocess.run([probe, "model", str(folder)], check=True)

    def logits(file):
        values = numpy.fromfile(folder / file, dtype=numpy.float32)
        return torch.from_numpy(values).reshape(batch, classes)

    return logits("evaluation.bin"), logits("training.bin"), load_file(folder / "gradients.safetensors")


def same_file(folder, name, classes, model):
    """Whether what was saved here loads strictly and gives the weights that were read."""
    other = models.make(name, classes=classes)
    other.load_state_dict(load_file(folder / "saved.safetensors"), strict=True)
    same = all(
        torch.equal(a, b) for a, b in zip(other.state_dict().values(), model.state_dict().values())
    )
    other.load_state_dict(load_file(folder / "new.safetensors"), strict=True)
    return same, other


def initial_scales(other, name, classes):
    """The largest ratio between deviations of tensors drawn here and by the library."""
    torch.manual_seed(3)
    theirs = models.make(name, classes=classes).state_dict()
    worst = 1.0
    for key, ours in other.state_dict().items():
        if ours.numel() < 2000 or theirs[key].std() == 0:
            continue
        ratio = float(ours.std() / theirs[key].std())
        worst = max(worst, ratio, 1 / ratio)
    return worst


class Run:
    """One batch here, in the library, and in the library in double precision."""

    def __init__(self, probe, folder, name, side, batch, classes, model):
        pixels = torch.randn(batch, 3, side, side)
        gradient = torch.randn(batch, classes)
        self.ours = probe_run(probe, folder, name, side, batch, classes, model, pixels, gradient)
        self.exact = torch_run(copy.deepcopy(model).double(), pixels, gradient)
        self.theirs = torch_run(copy.deepcopy(model), pixels, gradient)

    def logits(self, mode):
        return tuple(distance(x[mode], self.exact[mode]) for x in (self.ours, self.theirs))

    def gradients(self):
        """Relative errors by parameter, ours and the library's, and the largest of what should be
        zero: a bias in front of a norm, say, has a gradient of rounding alone."""
        exact = self.exact[2]
        largest = max(float(g.norm()) for g in exact.values())
        counted = {k: g for k, g in exact.items() if float(g.norm()) > 1e-9 * largest}
        ours, theirs = (
            {k: distance(x[2][k], g) for k, g in counted.items()} for x in (self.ours, self.theirs)
        )
        nothing = max((float(self.ours[2][k].norm()) for k in exact if k not in counted), default=0)
        return ours, theirs, nothing / largest


def check_logits(label, run):
    for index, mode in enumerate(("evaluation", "training")):
        ours, theirs = run.logits(index)
        check(
            f"{label}: logits in {mode}", ours < 1e-4,
            f"relative error {ours:.1e} (below 1e-4), the library's in single precision {theirs:.1e}",
        )


def check_gradients(label, runs):
    """A ReLU that flips by rounding spoils one batch; a wrong formula is wrong on every one. So each
    parameter is to be right on one of up to three batches."""
    ours, theirs, nothing = {}, {}, 0.0
    batches = 0
    for run in runs:
        errors, owns, rest = run.gradients()
        for best, found in ((ours, errors), (theirs, owns)):
            for key, value in found.items():
                best[key] = min(value, best.get(key, value))
        nothing = max(nothing, rest)
        batches += 1
        if max(ours.values()) < 1e-3:
            break
    worst = max(ours, key=ours.get)
    count = len(run.exact[2])
    check(
        f"{label}: gradients of {count} parameters", ours[worst] < 1e-3 and nothing < 1e-6,
        f"largest relative error {ours[worst]:.1e} in {worst} (below 1e-3), the library's in single"
        f" precision {max(theirs.values()):.1e}; batches looked at {batches};"
        f" {count - len(ours)} are zero, here below {nothing:.0e} of the largest",
    )


def compare(probe, name, side, batch, classes):
    torch.manual_seed(0)
    model = start(name, classes, clear=False)
    label = f"{name} at {side}, {batch} images"
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        run = Run(probe, folder, name, side, batch, classes, model)
        check_logits(label, run)
        same, other = same_file(folder, name, classes, model)
        check(f"{label}: weights saved here load strictly in the library", same, "bit for bit")
        scale = initial_scales(other, name, classes)
        check(
            f"{label}: deviations of new weights", scale < 1.1,
            f"within {100 * (scale - 1):.1f} % of the library's (10 %)",
        )
        calm = start(name, classes, clear=True)
        check_gradients(
            label, (Run(probe, folder, name, side, batch, classes, calm) for _ in range(3))
        )
    ours, theirs, _ = run.gradients()
    print(
        f"      {label}: where ReLUs flip by rounding, gradients differ by"
        f" {max(ours.values()):.1e}, the library's in single precision by {max(theirs.values()):.1e}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", required=True, help="the engine-probe program")
    parser.add_argument("--library", required=True, choices=CASES)
    arguments = parser.parse_args()
    library = models.import_torchvision()
    if arguments.library == "timm":
        library = models.import_timm()
    version = f"{arguments.library} {library.__version__}"
    print(f"      PyTorch {torch.__version__}, {version}", flush=True)
    for case in CASES[arguments.library]:
        compare(arguments.probe, *case)
    finish()


if __name__ == "__main__":
    main()
