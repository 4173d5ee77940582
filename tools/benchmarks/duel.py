"""Interleaved repetitions of this project's engine and of PyTorch's modes."""

import os
import statistics
import time

import torch

import modes
from probe import Probe


def threads():
    return len(os.sched_getaffinity(0))


def warmed(make, name, mode, batch, side):
    """The mode after its first steps, or the first line of why it does not run here."""
    try:
        other = make(name, mode, batch, side)
        other.steps(3)
        return other, None
    except Exception as error:
        return None, str(error).strip().splitlines()[0][:60]


def rows(binaries, task, make, name, batch, side, rounds, steps):
    """Images a second of ours beside each of PyTorch's modes, and beside the best of them."""
    torch.set_num_threads(threads())
    ours = Probe(binaries, task, name, batch, side, threads())
    ours.steps(3)
    others, missing = {}, {}
    for mode in modes.MODES:
        other, why = warmed(make, name, mode, batch, side)
        if other is None:
            missing[mode] = why
        else:
            others[mode] = other
    times = {key: [] for key in ("ours", *others)}
    for _ in range(rounds):
        for key, one in {"ours": ours, **others}.items():
            # The other's threads fall asleep before these run.
            time.sleep(0.2)
            times[key] += one.steps(steps)
    ours.close()
    speed = {key: batch / statistics.median(values) for key, values in times.items()}
    best = max(others, key=speed.get)
    label = f"{name} {side}×{side} batch {batch} f32"
    made = [(f"{label}: {mode}", speed[mode]) for mode in others]
    made.append((f"{label}: PyTorch's best", speed[best]))
    result = [
        dict(case=case, ours=speed["ours"], theirs=theirs, ratio=speed["ours"] / theirs)
        for case, theirs in made
    ]
    notes = [f"{label}: no {mode}: {why}" for mode, why in missing.items()]
    return result, notes, ours.about["versions"]


def run(binaries, task, make, cases, unit, rounds, steps):
    result, notes, about = [], [], ""
    for name, batch, side in cases:
        more, remarks, about = rows(binaries, task, make, name, batch, side, rounds, steps)
        result += more
        notes += remarks
    versions = {"balance engine": about, "PyTorch": torch.__version__, "threads": threads()}
    return dict(unit=unit, rows=result, notes=notes, repetitions=rounds * steps, versions=versions)
