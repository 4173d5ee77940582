"""Interleaved repetitions of this project's engine and of PyTorch's modes."""

import math
import statistics
import time

import torch

import modes
from case import possible, threads
from probe import Probe


# Untimed steps before a turn: a core that has been idle takes up to a second to reach its clock.
WARM_SECONDS = 1.0


def warmed(make, case, mode):
    """The mode after its first steps, or the first line of why it does not run here."""
    try:
        other = make(case, mode)
        other.steps(3)
        return other, None
    except Exception as error:
        return None, str(error).strip().splitlines()[0][:60]


def rows(binaries, task, make, case):
    """Images a second of ours beside each of PyTorch's modes, and beside the best of them."""
    torch.set_num_threads(threads())
    ours = Probe(binaries, task, case, threads())
    ours.steps(3)
    others, missing = {}, {}
    for mode in modes.MODES:
        other, why = warmed(make, case, mode)
        if other is None:
            missing[mode] = why
        else:
            others[mode] = other
    # By the fastest of a few first steps.
    usual = {key: min(one.steps(2)) for key, one in {"ours": ours, **others}.items()}
    times = {key: [] for key in usual}
    for _ in range(case.turns):
        for key, one in {"ours": ours, **others}.items():
            # The other's threads fall asleep before these run.
            time.sleep(0.2)
            one.steps(math.ceil(WARM_SECONDS / usual[key]))
            times[key] += one.steps(case.steps)
    ours.close()
    speed = {key: case.batch / statistics.median(values) for key, values in times.items()}
    best = max(others, key=speed.get)
    made = [(f"{case}: {mode}", speed[mode]) for mode in others]
    made.append((f"{case}: PyTorch's best", speed[best]))
    result = [
        dict(case=label, ours=speed["ours"], theirs=theirs, ratio=speed["ours"] / theirs)
        for label, theirs in made
    ]
    notes = [f"{case}: no {mode}: {why}" for mode, why in missing.items()]
    return result, notes, ours.about["versions"]


def run(binaries, task, make, cases, unit):
    result, notes, about = [], [], ""
    cases = possible(cases)
    for case in cases:
        more, remarks, about = rows(binaries, task, make, case)
        result += more
        notes += remarks
    notes.append("medians of " + ", ".join(sorted({f"{c.turns} × {c.steps}" for c in cases})) +
                 " repetitions, taken in turn, each turn after a second of untimed ones")
    versions = {"balance engine": about, "PyTorch": torch.__version__, "threads": threads()}
    return dict(unit=unit, rows=result, notes=notes, versions=versions)
