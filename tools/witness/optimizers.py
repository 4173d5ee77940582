#!/usr/bin/env python3
"""Compares optimizers with torch.optim and adamp: 50 steps on the tensors of a resnet20.

    optimizers.py --probe optimizer-probe

The reference computes in double precision from the same single-precision weights and gradients.
Every value must agree to 1e-5 of the largest of its tensor. A third of the gradients is at a
right angle to the weights of each channel, a third to those of the whole layer, so that AdamP goes
all three of its ways; how often it did is printed.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import adamp
import numpy
import torch
from torch.optim import swa_utils

import models
from report import check, finish

STEPS, TOLERANCE = 50, 1e-5


def tensors():
    """Names and start values, with rows of different norms."""
    generator = torch.Generator().manual_seed(11)
    result = []
    for name, parameter in models.make("resnet20").named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        spread = 0.05 if parameter.dim() > 1 else 0.3
        result.append((name, spread * noise + (1 if name.endswith("weight") and noise.dim() == 1 else 0)))
    return result


def without_part_along(gradient, weights, rows):
    g, w = gradient.view(rows, -1), weights.view(rows, -1)
    along = (g * w).sum(1, keepdim=True) / (w * w).sum(1, keepdim=True)
    return (g - along * w).view_as(gradient)


def gradient_for(parameter, index, step, generator):
    gradient = 0.02 * torch.randn(parameter.shape, generator=generator).double()
    if index % 5 == 4 and step % 10 == 3:
        gradient.zero_()
    if parameter.dim() > 1:
        way = (index + step) % 3
        if way == 0:
            gradient = without_part_along(gradient, parameter.data, parameter.shape[0])
        elif way == 1:
            gradient = without_part_along(gradient, parameter.data, 1)
    return gradient.float()


def way_of_adamp(gradient, weights, delta):
    """Which view adamp projects in: its own condition, counted."""
    if weights.dim() < 2:
        return "none"
    for name, rows in (("channel", weights.shape[0]), ("layer", 1)):
        g, w = gradient.view(rows, -1), weights.view(rows, -1)
        cosines = torch.nn.functional.cosine_similarity(g, w, dim=1, eps=1e-8).abs()
        if cosines.max() < delta / g.shape[1] ** 0.5:
            return name
    return "none"


class Case:
    def __init__(self, spelling, make, momentum=0.9, decay=5e-4, base=0.1, groups=False,
                 clip="none", ema="none"):
        self.spelling, self.make, self.momentum, self.decay = spelling, make, momentum, decay
        self.base, self.groups, self.clip, self.ema = base, groups, clip, ema

    def factors(self, name, parameter):
        """Of the learning rate and of the decay."""
        if not self.groups:
            return 1.0, 1.0
        return (10.0 if name.startswith("linear") else 1.0), (0.0 if parameter.dim() == 1 else 1.0)

    @property
    def name(self):
        text = f"{self.spelling}, decay {self.decay}"
        if self.spelling in ("sgd", "nesterov"):
            text += f", momentum {self.momentum}"
        if self.groups:
            text += ", no decay on vectors, 10 times the rate in the head"
        if self.clip != "none":
            text += f", clipped at {self.clip}"
        return text + (f", average {self.ema}" if self.ema != "none" else "")


def reference(case, start, rates):
    """Weights, average and gradients `[step, tensor]` of a run in double precision."""
    module = torch.nn.ParameterList([torch.nn.Parameter(v.double()) for _, v in start])
    groups = []
    for (name, _), parameter in zip(start, module):
        rate, decay = case.factors(name, parameter)
        groups.append(dict(params=[parameter], weight_decay=case.decay * decay, factor=rate))
    optimizer = case.make(groups, case)
    kind, _, bound = case.clip.partition(":")
    average = None
    if case.ema != "none":
        average = swa_utils.AveragedModel(
            module, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(float(case.ema)))
    generator = torch.Generator().manual_seed(5)
    gradients, ways = [], {}
    for step, rate in enumerate(rates):
        row = []
        for index, parameter in enumerate(module):
            gradient = gradient_for(parameter, index, step, generator)
            row.append(gradient)
            parameter.grad = gradient.double()
        if kind == "norm":
            torch.nn.utils.clip_grad_norm_(module.parameters(), float(bound))
        elif kind == "value":
            torch.nn.utils.clip_grad_value_(module.parameters(), float(bound))
        for parameter in module:
            way = way_of_adamp(parameter.grad, parameter.data, 0.1)
            ways[way] = ways.get(way, 0) + 1
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        optimizer.step()
        if average:
            average.update_parameters(module)
        gradients.append(row)
    averaged = [p.data for p in average.parameters()] if average else None
    return [p.data for p in module], averaged, gradients, ways


def flat(values, ranges, count):
    buffer = numpy.zeros(count, numpy.float32)
    for value, (low, high) in zip(values, ranges):
        buffer[low:high] = value.reshape(-1).numpy()
    return buffer


def verify(probe, case, start):
    rates = [case.base * (1 if step < 30 else 0.3) for step in range(STEPS)]
    values, average, gradients, ways = reference(case, start, rates)
    ranges, end = [], 0
    for _, value in start:
        ranges.append((end, end + value.numel()))
        end = (end + value.numel() + 15) // 16 * 16
    problem = dict(
        optimizer=case.spelling, momentum=case.momentum, weightDecay=case.decay, clip=case.clip,
        ema=case.ema, rates=rates,
        tensors=[
            dict(name=name, shape=list(value.shape), range=list(bounds),
                 rateFactor=case.factors(name, value)[0], decayFactor=case.factors(name, value)[1])
            for (name, value), bounds in zip(start, ranges)])
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        (folder / "problem.json").write_text(json.dumps(problem))
        flat([value for _, value in start], ranges, end).tofile(folder / "start.bin")
        with open(folder / "gradients.bin", "wb") as file:
            for row in gradients:
                flat(row, ranges, end).tofile(file)
        subprocess.run([probe, "steps", str(folder)], check=True)
        ours = numpy.fromfile(folder / "values.bin", numpy.float32)
        pairs = [("weights", ours, values)]
        if average:
            pairs.append(
                ("average", numpy.fromfile(folder / "average.bin", numpy.float32), average))
    for what, mine, theirs in pairs:
        worst = 0.0
        for value, (low, high) in zip(theirs, ranges):
            exact = value.reshape(-1).numpy()
            worst = max(worst, float(abs(mine[low:high] - exact).max() / abs(exact).max()))
        moved = max(float((v - s.double()).abs().max()) for v, (_, s) in zip(theirs, start))
        figure = f"{worst:.1e} after {STEPS} steps that moved by up to {moved:.2g}"
        if case.spelling.startswith("adamp"):
            figure += "; projected by " + ", ".join(f"{k} {ways[k]}" for k in sorted(ways))
        check(f"{case.name}: {what}", worst <= TOLERANCE, figure)


def sgd(groups, case):
    return torch.optim.SGD(
        groups, lr=1, momentum=case.momentum, nesterov=case.spelling == "nesterov", foreach=False)


def options(case):
    numbers = [float(n) for n in case.spelling.split(":")[1:]]
    usual = [0.9, 0.999, 1e-8, 0.1, 0.1]
    return numbers + usual[len(numbers):]


def adam(groups, case):
    beta1, beta2, epsilon, _, _ = options(case)
    kind = torch.optim.AdamW if case.spelling.startswith("adamw") else torch.optim.Adam
    return kind(groups, lr=1, betas=(beta1, beta2), eps=epsilon, foreach=False)


def adam_p(groups, case):
    beta1, beta2, epsilon, delta, ratio = options(case)
    return adamp.AdamP(
        groups, lr=1, betas=(beta1, beta2), eps=epsilon, delta=delta, wd_ratio=ratio,
        nesterov=case.spelling.startswith("adamp-nesterov"))


CASES = [
    Case("sgd", sgd, momentum=0.0, decay=0.0),
    Case("sgd", sgd),
    Case("nesterov", sgd),
    Case("sgd", sgd, groups=True, clip="norm:1.0", ema="0.99"),
    Case("adam", adam, base=1e-3),
    Case("adam:0.8:0.99:1e-06", adam, base=1e-3, decay=0.1),
    Case("adamw", adam, base=1e-3, decay=0.05),
    Case("adamw", adam, base=1e-3, decay=0.05, groups=True, clip="value:0.01", ema="0.9"),
    Case("adamp", adam_p, base=1e-3, decay=0.0),
    Case("adamp", adam_p, base=1e-3, decay=0.1),
    Case("adamp-nesterov", adam_p, base=1e-3, decay=0.1),
    Case("adamp:0.8:0.99:1e-08:0.1:0.5", adam_p, base=1e-2, decay=0.1, groups=True,
         clip="norm:2.0", ema="0.95"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--probe", required=True, help="the optimizer-probe program")
    probe = parser.parse_args().probe
    start = tensors()
    for case in CASES:
        verify(probe, case, start)
    finish()


main()
