#!/usr/bin/env python3
"""Compares learning rates, and momenta, with the schedulers of torch, step by step.

    schedules.py --probe optimizer-probe    all schedules over 300 epochs, to 1e-7 of the base rate
    schedules.py RUN_FOLDER...              RUN/history.csv against the settings in RUN/record.json
"""

import argparse
import csv
import json
import pathlib
import subprocess
import tempfile
import warnings

import numpy
import torch
from torch.optim import lr_scheduler

from report import check, finish

TOLERANCE = 1e-7
EPOCHS = 300
warnings.filterwarnings("ignore")


def scheduler(spelling, optimizer, ticks):
    """The torch scheduler that a schedule's spelling names; ticks are epochs or steps."""
    name, *options = spelling.split(":")

    def number(index, usual):
        return float(options[index]) if index < len(options) else usual

    if name == "constant":
        return lr_scheduler.ConstantLR(optimizer, 1.0, ticks)
    if name == "step":
        return lr_scheduler.StepLR(optimizer, int(options[0]), number(1, 0.1))
    if name == "multistep":
        milestones = [int(m) for m in options[0].split(",")]
        return lr_scheduler.MultiStepLR(optimizer, milestones, number(1, 0.1))
    if name == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, ticks, number(0, 0.0))
    if name == "cosine-restarts":
        return lr_scheduler.CosineAnnealingWarmRestarts(
            optimizer, int(options[0]), int(number(1, 1)), number(2, 0.0))
    if name == "polynomial":
        return lr_scheduler.PolynomialLR(optimizer, ticks, number(0, 1.0))
    if name == "one-cycle":
        momenta = dict(cycle_momentum=False)
        if len(options) == 5:
            momenta = dict(base_momentum=float(options[3]), max_momentum=float(options[4]))
        return lr_scheduler.OneCycleLR(
            optimizer, optimizer.defaults["lr"], total_steps=ticks, pct_start=number(0, 0.3),
            div_factor=number(1, 25.0), final_div_factor=number(2, 1e4), **momenta)
    if name == "reduce-on-plateau":
        mode = "min" if options[:1] == ["loss"] else "max"
        return lr_scheduler.ReduceLROnPlateau(
            optimizer, mode, number(1, 0.1), int(number(2, 10)), min_lr=number(3, 0.0),
            cooldown=int(number(4, 0)))
    raise ValueError(f"no schedule of torch is known for '{spelling}'")


def warm_up(spelling, optimizer):
    """The factors of a warm-up as torch's LinearLR, what it counts, and its length."""
    unit, _, count = spelling.partition(":")
    if unit == "none":
        return None, "none"
    count = int(count)
    if count == 1:
        return None, "none"
    return lr_scheduler.LinearLR(optimizer, 1 / count, total_iters=count - 1), unit


def torch_rates(problem):
    """The learning rate and the momentum of every step."""
    base, per_epoch = problem["base"], problem["stepsPerEpoch"]
    optimizer, warming = (
        torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base, momentum=0.9)
        for _ in range(2))
    unit = problem["unit"]
    ticks = problem["epochs"] * (per_epoch if unit == "step" else 1)
    main = scheduler(problem["schedule"], optimizer, ticks)
    warm, warm_unit = warm_up(problem["warmUp"], warming)
    watches = isinstance(main, lr_scheduler.ReduceLROnPlateau)
    rates, momenta = [], []
    for epoch in range(problem["epochs"]):
        for step in range(per_epoch):
            group = optimizer.param_groups[0]
            rates.append(float(group["lr"]) * float(warming.param_groups[0]["lr"]) / base)
            momenta.append(float(group["momentum"]))
            optimizer.step()
            warming.step()
            ends = step + 1 == per_epoch
            last = ends and epoch + 1 == problem["epochs"]
            if watches:
                if ends:
                    main.step(problem["figures"][epoch])
            elif (unit == "step" or ends) and not last:
                main.step()
            if warm and (warm_unit == "steps" or ends):
                warm.step()
    return rates, momenta


def problems():
    generator = numpy.random.default_rng(4)
    noise = generator.normal(0, 0.02, EPOCHS)
    rising = (1 - numpy.exp(-numpy.arange(EPOCHS) / 30) + noise).clip(0, 1).tolist()
    falling = (numpy.exp(-numpy.arange(EPOCHS) / 30) + numpy.abs(noise)).tolist()

    def problem(schedule, unit="epoch", warm="none", base=0.1, figures=()):
        return dict(
            schedule=schedule, unit=unit, warmUp=warm, base=base, epochs=EPOCHS, stepsPerEpoch=5,
            figures=list(figures))

    yield problem("constant", base=0.3)
    for schedule in ("step:30:0.3", "step:7", "multistep:160,180:0.01", "multistep:1,2,299",
                     "cosine", "cosine:0.001", "cosine-restarts:10", "cosine-restarts:10:2:0.001",
                     "cosine-restarts:1:3", "polynomial", "polynomial:0.9", "polynomial:3",
                     "one-cycle", "one-cycle:0.1:10:100", "one-cycle:0.25:25:10000:0.85:0.95",
                     "one-cycle:0:25:10000", "one-cycle:1:25:10000"):
        yield problem(schedule)
        yield problem(schedule, "step", base=2.0)
    yield problem("multistep:160,180:0.01", warm="epochs:5")
    yield problem("cosine", warm="steps:37")
    yield problem("constant", warm="epochs:1")
    yield problem("cosine:0.001", "step", warm="epochs:9")
    for schedule in ("reduce-on-plateau", "reduce-on-plateau:accuracy:0.5:3",
                     "reduce-on-plateau:macro-f1:0.5:2:0.0001:4"):
        yield problem(schedule, figures=rising)
    yield problem("reduce-on-plateau:loss:0.7:4", figures=falling, warm="epochs:5")
    nans = [float("nan") if i % 7 == 3 else f for i, f in enumerate(falling)]
    yield problem("reduce-on-plateau:loss:0.9:1:0:2", figures=nans)


def spelled(problem):
    """JSON has no NaN: the probe reads it as text."""
    figures = ["nan" if f != f else f for f in problem["figures"]]
    return problem | dict(figures=figures)


def verify_probe(probe):
    cases = list(problems())
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        (folder / "problem.json").write_text(json.dumps([spelled(p) for p in cases]))
        subprocess.run([probe, "rates", str(folder)], check=True)
        answers = json.loads((folder / "answers.json").read_text())
    for problem, answer in zip(cases, answers, strict=True):
        rates, momenta = torch_rates(problem)
        gap = max(abs(a - b) for a, b in zip(answer["rates"], rates, strict=True))
        gap /= problem["base"]
        ours = [0.9 if m is None else m for m in answer["momenta"]]
        momentum_gap = max(abs(a - b) for a, b in zip(ours, momenta, strict=True))
        name = f"{problem['schedule']} per {problem['unit']}, warm-up {problem['warmUp']}"
        check(
            name, gap <= TOLERANCE and momentum_gap <= TOLERANCE,
            f"{gap:.1e}, momentum {momentum_gap:.1e}, over {len(rates)} steps, "
            f"{len(set(rates))} different rates")


def verify_run(folder):
    settings = json.loads((folder / "record.json").read_text(encoding="utf-8"))["settings"]
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    per_epoch = int(rows[0]["steps"])
    problem = dict(
        schedule=settings["schedule"], unit=settings["schedule-by"], warmUp=settings["warm-up"],
        base=float(settings["lr"]), epochs=int(settings["epochs"]), stepsPerEpoch=per_epoch)
    name, *options = problem["schedule"].split(":")
    if name == "reduce-on-plateau":
        column = {"loss": "loss", "accuracy": "accuracy"}.get((options + [""])[0], "macro F1")
        problem["figures"] = [float(row[f"validation {column}"]) for row in rows]
    theirs = torch_rates(problem)[0][per_epoch - 1 :: per_epoch]
    ours = [float(row["learning rate"]) for row in rows]
    name = f"{folder.name}: {problem['schedule']} per {problem['unit']}, warm-up {problem['warmUp']}"
    if len(ours) != len(theirs):
        check(name, False, f"{len(ours)} epochs in the history, {len(theirs)} in the settings")
        return
    gap = max(abs(a - b) for a, b in zip(ours, theirs)) / problem["base"]
    check(name, gap <= TOLERANCE, f"{gap:.1e} over {len(ours)} epochs")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--probe", help="the optimizer-probe program")
    parser.add_argument("runs", nargs="*", type=pathlib.Path, metavar="RUN_FOLDER")
    arguments = parser.parse_args()
    if arguments.probe:
        verify_probe(arguments.probe)
    for folder in arguments.runs:
        try:
            verify_run(folder)
        except (OSError, ValueError, KeyError, IndexError) as error:
            check(folder.name, False, f"{type(error).__name__}: {error}")
    finish()


main()
