"""Training steps on all threads beside one, taken in turn."""

import statistics

from case import Case, possible, threads
from probe import Probe

CASES = [Case("resnet32", 128, 32, precision, steps=3) for precision in ("f32", "bf16")]


def run(binaries):
    rows = []
    for case in possible(CASES):
        probes = {count: Probe(binaries, "step", case, count) for count in (threads(), 1)}
        times = {count: [] for count in probes}
        for probe in probes.values():
            probe.steps(2)
        for _ in range(case.turns):
            for count, probe in probes.items():
                probe.steps(case.steps)
                times[count] += probe.steps(case.steps)
        for probe in probes.values():
            probe.close()
        all_threads, one = (case.batch / statistics.median(times[c]) for c in probes)
        label = f"{case}: {threads()} threads beside 1"
        rows.append(dict(case=label, ours=all_threads, theirs=one, ratio=all_threads / one))
        about = probe.about["versions"]
    return dict(unit="images/s of training steps", rows=rows, versions={"balance engine": about})
