"""The losses against PyTorch in double precision: values and gradients of random problems.

Each loss is written here from its paper or from PyTorch's own functions, one label at a time;
gradients are autograd's. Targets that are probabilities are checked as mixup has them, as the
shares of their labels' losses, and for plain and smoothed cross-entropy against PyTorch's own.

Prints a line a check, `ok` or `FAIL`, with its figure; exits 1 if one fails.
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import minimize_scalar

from report import check, finish

TOLERANCE = 1e-5
LOSSES = [
    "cross-entropy", "focal:1.0", "focal:2.0", "focal:5.0", "class-balanced-focal:0.999:1.0",
    "label-smoothing:0.1", "label-smoothing-others:0.1", "label-aware-smoothing:0.3:0.05",
    "ldam:0.5:30.0", "ldam:0.3:10.0", "logit-adjusted:1.0", "logit-adjusted:1.5",
    "balanced-softmax:1.0", "vector-scaling:0.3:1.0", "vector-scaling:0.2:0.0",
    "seesaw:0.8:2.0", "seesaw:0.5:0.0", "poly:2.0",
]
# Those that take class weights.
WEIGHTED = [
    spelling for spelling in LOSSES
    if spelling.split(":")[0] not in ("class-balanced-focal", "logit-adjusted", "balanced-softmax")
    and spelling != "vector-scaling:0.3:1.0"
]


def effective_number(counts, beta):
    effective = (1 - np.power(beta, counts)) / (1 - beta)
    return len(counts) / effective / (1 / effective).sum()


def class_weights(spelling, counts):
    name, _, option = spelling.partition(":")
    if name == "none":
        return None
    if name == "inverse-frequency":
        weights = counts.sum() / (len(counts) * counts)
    elif name == "effective-number":
        weights = effective_number(counts, float(option))
    else:
        weights = np.array([float(value) for value in option.split(",")])
    return torch.from_numpy(weights)


def losses(spelling, z, y, counts, weights):
    """The loss of each row for its label, times the label's weight."""
    name, *options = spelling.split(":")
    first, second = ([float(value) for value in options] + [0.0, 0.0])[:2]
    n = torch.from_numpy(counts.astype(np.float64))
    classes = z.shape[1]
    w = torch.ones(classes, dtype=z.dtype) if weights is None else weights
    if name == "cross-entropy":
        return F.cross_entropy(z, y, weight=w, reduction="none")
    if name in ("focal", "class-balanced-focal"):
        gamma = first
        if name == "class-balanced-focal":
            gamma, w = second, torch.from_numpy(effective_number(counts, first))
        plain = F.cross_entropy(z, y, reduction="none")
        return w[y] * (1 - torch.exp(-plain)) ** gamma * plain
    if name == "label-smoothing":
        return F.cross_entropy(z, y, weight=w, label_smoothing=first, reduction="none")
    terms = -w * F.log_softmax(z, 1)
    own = F.one_hot(y, classes).double()
    if name == "label-smoothing-others":
        # One class has no others.
        q = own if classes == 1 else own * (1 - first) + (1 - own) * first / (classes - 1)
        return (q * terms).sum(1)
    if name == "label-aware-smoothing":
        # Where all classes have as many images, the original divides by 0: the head's then.
        spread = n.max() - n.min()
        rank = (n - n.min()) / spread if spread > 0 else torch.ones_like(n)
        epsilon = (second + (first - second) * torch.sin(rank * math.pi / 2))[y]
        return (1 - epsilon) * terms.gather(1, y[:, None])[:, 0] + epsilon * terms.mean(1)
    if name == "ldam":
        margins = n ** -0.25 * (first / (n ** -0.25).max())
        cosines = z / second
        return F.cross_entropy(
            second * (cosines - own * margins), y, weight=w, reduction="none")
    if name in ("logit-adjusted", "balanced-softmax"):
        # Balanced softmax is written with counts, not shares.
        offsets = torch.log(n / n.sum() if name == "logit-adjusted" else n)
        return F.cross_entropy(z + first * offsets, y, reduction="none")
    if name == "vector-scaling":
        scaled = z * (n / n.max()) ** first + second * torch.log(n / n.sum())
        return F.cross_entropy(scaled, y, weight=w, reduction="none")
    if name == "seesaw":
        mitigation = torch.clamp(n[None, :] / n[:, None], max=1) ** first
        shares = F.softmax(z.detach(), 1)
        ratio = shares / shares.gather(1, y[:, None])
        compensation = torch.clamp(ratio, min=1) ** second
        adjusted = z + torch.log(mitigation[y] * compensation)
        return F.cross_entropy(adjusted, y, weight=w, reduction="none")
    if name == "poly":
        own = F.softmax(z, 1).gather(1, y[:, None])[:, 0]
        return w[y] * (-F.log_softmax(z, 1).gather(1, y[:, None])[:, 0] + first * (1 - own))
    raise ValueError(f"no formula for '{spelling}'")


def expected(problem, spelling, weighting):
    """Value and gradient in double precision."""
    counts, targets = problem["counts"], problem["targets"]
    weights = class_weights(weighting, counts)
    leaf = torch.from_numpy(problem["logits"].astype(np.float64)).requires_grad_()
    if targets is None:
        rows = torch.arange(len(leaf))
        labels = torch.from_numpy(problem["labels"].astype(np.int64))
        shares = torch.ones(len(leaf), dtype=torch.float64)
    else:
        rows, labels = (torch.from_numpy(part) for part in np.nonzero(targets))
        shares = torch.from_numpy(targets.astype(np.float64))[rows, labels]
    each = losses(spelling, leaf[rows], labels, counts, weights)
    if spelling.startswith("class-balanced-focal"):
        weights = torch.from_numpy(effective_number(counts, float(spelling.split(":")[1])))
    total = shares.sum() if weights is None else (shares * weights[labels]).sum()
    value = (shares * each).sum() / total
    value.backward()
    return value.item(), leaf.grad.numpy()


def torch_soft(problem, epsilon):
    """PyTorch's own cross-entropy for target probabilities."""
    leaf = torch.from_numpy(problem["logits"].astype(np.float64)).requires_grad_()
    q = torch.from_numpy(problem["targets"].astype(np.float64))
    # Rows of rounded shares add up to 1 only nearly.
    value = F.cross_entropy(leaf, q, label_smoothing=epsilon, reduction="sum") / q.sum()
    value.backward()
    return value.item(), leaf.grad.numpy()


def problem(rng, number):
    """Random logits, labels or targets, and counts; some extreme, some of one class."""
    classes = {0: 1, 1: 2, 2: 1000}.get(number % 25)
    if classes is None:
        classes = int(np.exp(rng.uniform(np.log(2), np.log(1000))))
    images = int(rng.integers(1, 7))
    kind = number % 4
    if kind == 3:
        logits = rng.choice([-80.0, 80.0], (images, classes))
    else:
        logits = rng.normal(size=(images, classes)) * [0.1, 2, 15][kind]
        logits[0, rng.integers(classes)] = rng.choice([-80, 80])
    labels = rng.integers(0, classes, images)
    targets = None
    if number % 3 == 0 and classes > 1:
        targets = np.zeros((images, classes))
        if number % 2 and classes <= 100:
            targets = rng.dirichlet(np.full(classes, 0.5), images)
        else:
            share = rng.uniform()
            partners = rng.integers(0, classes, images)
            np.add.at(targets, (np.arange(images), labels), share)
            np.add.at(targets, (np.arange(images), partners), 1 - share)
        targets = targets.astype(np.float32)
    counts = np.maximum(1, (5000 * rng.uniform(0.002, 1, classes) ** 3).astype(int))
    custom = rng.uniform(0.1, 4, classes)
    custom[np.setdiff1d(np.arange(classes), labels)[:1]] = 0
    return dict(
        classes=classes, images=images, logits=logits.astype(np.float32),
        labels=labels.astype(np.int32), targets=targets, counts=counts,
        custom="custom:" + ",".join(repr(float(value)) for value in custom))


def run_probe(probe, problems):
    """Our values, gradients, fingerprints and temperatures' losses, in the order of the jobs."""
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        (folder / "problems.json").write_text(json.dumps([
            dict(
                classes=p["classes"], images=p["images"], counts=p["counts"].tolist(),
                isSoft=p["targets"] is not None,
                jobs=[
                    dict(loss=loss, weighting=weighting, weightsFrom=start, epoch=epoch)
                    for loss, weighting, start, epoch in p["jobs"]
                ])
            for p in problems
        ]))
        hard = [p for p in problems if p["targets"] is None]
        soft = [p for p in problems if p["targets"] is not None]
        for name, arrays in (
            ("logits", [p["logits"] for p in problems]),
            ("labels", [p["labels"] for p in hard]), ("targets", [p["targets"] for p in soft]),
        ):
            (folder / f"{name}.bin").write_bytes(b"".join(a.tobytes() for a in arrays))
        subprocess.run([probe, "losses", str(folder)], check=True)
        values = np.fromfile(folder / "values.bin")
        gradients = np.fromfile(folder / "gradients.bin", dtype=np.float32)
        temperatures = np.fromfile(folder / "temperatures.bin")
        prints = json.loads((folder / "fingerprints.json").read_text())
    return values, gradients, prints, temperatures


def gap(ours, theirs):
    """The largest difference over max(1, size); infinite where ours is not a number."""
    ours, theirs = np.atleast_1d(ours).ravel(), np.atleast_1d(theirs).ravel()
    gaps = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    return float(np.where(np.isnan(gaps), np.inf, gaps).max())


def verify_random(probe, count, seed):
    rng = np.random.default_rng(seed)
    problems = [problem(rng, number) for number in range(count)]
    for number, p in enumerate(problems):
        weighting = ["inverse-frequency", "effective-number:0.9999", p["custom"]][number // 3 % 3]
        p["jobs"] = [(loss, "none", None, 0) for loss in LOSSES]
        p["jobs"] += [(loss, weighting, None, 0) for loss in WEIGHTED]
        # Deferred: before and from the epoch on.
        p["jobs"] += [
            ("ldam:0.5:30.0", "effective-number:0.9999", 161, epoch) for epoch in (159, 160)]
    values, gradients, prints, temperatures = run_probe(probe, problems)
    worst, torchs = {}, {}
    job, offset, fit = 0, 0, 0
    temperature_gap = 0.0
    for number, p in enumerate(problems):
        size = p["logits"].size
        for loss, weighting, start, epoch in p["jobs"]:
            ours, slope = values[job], gradients[offset:offset + size].astype(np.float64)
            job, offset = job + 1, offset + size
            if start is not None and epoch + 1 < start:
                weighting = "none"
            value, gradient = expected(p, loss, weighting)
            kind = "weighted" if weighting != "none" else "plain"
            name = f"{loss} {kind}" if start is None else f"{loss} deferred, epoch {epoch + 1}"
            found = (gap(ours, value), gap(slope, gradient), number)
            old = worst.get(name, (0.0, 0.0, number))
            worst[name] = max(old[0], found[0]), max(old[1], found[1]), number
            native = {"cross-entropy": 0.0, "label-smoothing:0.1": 0.1}.get(loss)
            if p["targets"] is not None and weighting == "none" and native is not None:
                value, gradient = torch_soft(p, native)
                torchs[loss] = max(
                    torchs.get(loss, 0.0), gap(ours, value), gap(slope, gradient))
        if p["targets"] is None:
            temperature_gap = max(temperature_gap, gap(temperatures[fit], best_temperature(p)))
            fit += 1
    classes = [p["classes"] for p in problems]
    print(
        f"      PyTorch {torch.__version__}; {count} problems of {min(classes)} to {max(classes)} "
        f"classes, {sum(p['targets'] is not None for p in problems)} with soft targets")
    for name, (value, gradient, _) in worst.items():
        check(
            f"losses {name}", max(value, gradient) <= TOLERANCE,
            f"value {value:.1e}, gradient {gradient:.1e}")
    for name, figure in torchs.items():
        check(f"losses {name}, PyTorch's soft targets", figure <= TOLERANCE, f"{figure:.1e}")
    check(
        f"losses temperature scaling, {fit} fits against scipy", temperature_gap <= TOLERANCE,
        f"{temperature_gap:.1e}")


def best_temperature(p):
    """The smallest mean −log p over temperatures of 2^-10 to 2^10."""
    z = torch.from_numpy(p["logits"].astype(np.float64))
    y = torch.from_numpy(p["labels"].astype(np.int64))
    return minimize_scalar(
        lambda log_t: F.cross_entropy(z / math.exp(log_t), y).item(),
        bounds=(-10 * math.log(2), 10 * math.log(2)), method="bounded",
        options=dict(xatol=1e-12)).fun


# Loss, label, value: z = [2, 0.5, -1] with 100, 10 and 1 images.
KNOWN = [
    ("cross-entropy", 0, 0.241311), ("cross-entropy", 1, 1.741311), ("cross-entropy", 2, 3.241311),
    ("label-smoothing", 0, 0.391311), ("label-smoothing", 2, 3.091311),
    ("label-smoothing-others", 0, 0.466311), ("label-smoothing-others", 2, 3.016311),
    ("focal:2", 0, 0.0110928), ("focal:1", 1, 1.436076), ("focal:2", 1, 1.184346),
    ("focal:2", 2, 2.992718), ("logit-adjusted", 1, 3.825140), ("balanced-softmax", 1, 3.825140),
]


def verify_known(probe):
    """Values worked out once by hand."""
    def single(logits, label, job):
        return dict(
            classes=3, images=1, logits=np.array([logits], dtype=np.float32),
            labels=np.array([label], dtype=np.int32), targets=None,
            counts=np.array([100, 10, 1]), jobs=[job])
    cases = [(f"{loss}, label {label}", single([2, 0.5, -1], label, (loss, "none", None, 0)), value)
             for loss, label, value in KNOWN]
    # Cosines 0.6, 0.2 and -0.3, times 30.
    cases.append(("ldam:0.5:30, label 1", single([18, 6, -9], 1, ("ldam:0.5:30", "none", None, 0)),
                  20.435120))
    weighted = dict(
        single([2, 0.5, -1], 0, ("cross-entropy", "custom:0.5,2,4", None, 0)), images=2,
        logits=np.array([[2, 0.5, -1], [0.1, 0.2, 0.3]], dtype=np.float32),
        labels=np.array([0, 2], dtype=np.int32))
    cases.append(("cross-entropy, weights 0.5, 2, 4", weighted, 0.917428))
    values, _, _, _ = run_probe(probe, [case for _, case, _ in cases])
    gaps = [abs(ours - value) for ours, (_, _, value) in zip(values, cases)]
    missed = [name for found, (name, _, _) in zip(gaps, cases) if not found <= 1e-6]
    check(
        f"losses {len(cases)} known values", not missed,
        f"{max(gaps):.1e}" + (f": {'; '.join(missed)}" if missed else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--probe", required=True, help="the engine-probe program")
    parser.add_argument("--random", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=0, help="of the problems (default: 0)")
    options = parser.parse_args()
    verify_known(options.probe)
    verify_random(options.probe, options.random, options.seed)
    finish()


main()
