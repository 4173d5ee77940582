#!/usr/bin/env python3
"""Compares the learning rates that runs used with the schedulers of torch.

    schedules.py RUN_FOLDER...    RUN/history.csv against the settings in RUN/record.json

Every epoch's rate must agree to 1e-12 of the base rate.
"""

import argparse
import csv
import json
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler

from report import check, finish

TOLERANCE = 1e-12
warnings.filterwarnings("ignore")


def scheduler(spelling, optimizer, epochs):
    """The torch scheduler that a schedule's spelling names."""
    name, *options = spelling.split(":")
    if name == "constant":
        return lr_scheduler.ConstantLR(optimizer, 1.0, epochs)
    if name == "step":
        every, gamma = (options + ["0.1"])[:2]
        return lr_scheduler.StepLR(optimizer, int(every), float(gamma))
    if name == "multistep":
        milestones, gamma = (options + ["0.1"])[:2]
        return lr_scheduler.MultiStepLR(
            optimizer, [int(m) for m in milestones.split(",")], float(gamma))
    if name == "cosine":
        return lr_scheduler.CosineAnnealingLR(
            optimizer, epochs, float(options[0]) if options else 0.0)
    raise ValueError(f"no schedule of torch is known for '{spelling}'")


def torch_rates(spelling, base, epochs):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    steps = scheduler(spelling, optimizer, epochs)
    rates = []
    for _ in range(epochs):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        steps.step()
    return rates


def verify(folder):
    settings = json.loads((folder / "record.json").read_text(encoding="utf-8"))["settings"]
    base, epochs = float(settings["lr"]), int(settings["epochs"])
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        ours = [float(row["learning rate"]) for row in csv.DictReader(file)]
    theirs = torch_rates(settings["schedule"], base, epochs)
    name = f"schedules {folder.name} {settings['schedule']}"
    if not ours or len(ours) > epochs:
        check(name, False, f"{len(ours)} epochs in the history, {epochs} in the settings")
        return
    gap = max(abs(a - b) for a, b in zip(ours, theirs)) / base
    check(name, gap <= TOLERANCE, f"{gap:.1e} over {len(ours)} epochs")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", type=pathlib.Path, metavar="RUN_FOLDER")
    for folder in parser.parse_args().runs:
        try:
            verify(folder)
        except (OSError, ValueError, KeyError) as error:
            check(f"schedules {folder.name}", False, f"{type(error).__name__}: {error}")
    finish()


main()
