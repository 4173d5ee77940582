"""Training steps on all threads beside one, taken in turn, and beside what the processor has to give:
as many processes with a thread each at once, which share nothing but the machine."""

import concurrent.futures
import dataclasses
import statistics

from case import Case, possible, threads
from probe import Probe

CASES = [Case("resnet32", 128, 32, precision, rounds=12, steps=5) for precision in ("f32", "bf16")]


def together(probes, steps, images):
    """Images a second of probes that step at once, each by its own median."""
    with concurrent.futures.ThreadPoolExecutor(len(probes)) as pool:
        return sum(images / statistics.median(t) for t in pool.map(lambda p: p.steps(steps), probes))


def rates(binaries, case):
    """Images a second of one thread, of all, and of a process a core; the median of each turn's."""
    count = threads()
    share = dataclasses.replace(case, batch=case.batch // count)
    sides = {
        "one": ([Probe(binaries, "step", case, 1)], case.batch),
        "all": ([Probe(binaries, "step", case, count)], case.batch),
        "processes": ([Probe(binaries, "step", share, 1) for _ in range(count)], share.batch),
    }
    turns = []
    for _ in range(case.turns):
        turn = {}
        for key, (probes, images) in sides.items():
            together(probes, 2, images)
            turn[key] = together(probes, case.steps, images)
        turns.append(turn)
    about = sides["one"][0][0].about["versions"]
    for probes, _ in sides.values():
        for probe in probes:
            probe.close()
    return turns, about


def run(binaries):
    rows, about = [], ""
    for case in possible(CASES):
        turns, about = rates(binaries, case)
        for key, label in (("all", f"{threads()} threads"), ("processes", f"{threads()} processes at once")):
            rows.append(dict(
                case=f"{case}: {label} beside 1 thread",
                ours=statistics.median(turn[key] for turn in turns),
                theirs=statistics.median(turn["one"] for turn in turns),
                ratio=statistics.median(turn[key] / turn["one"] for turn in turns),
            ))
    notes = [f"medians of {CASES[0].turns} turns of {CASES[0].steps} steps; ratios within a turn"]
    return dict(unit="images/s of training steps", rows=rows, notes=notes, versions={"balance engine": about})
