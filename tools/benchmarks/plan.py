"""Seconds to compile a network into a plan, the first of a process, beside its first step."""

import statistics

from case import Case, threads
from probe import Probe

CASES = [("step", Case("resnet50", 32, 224, "f32")), ("infer", Case("resnet50", 32, 224, "f32"))]


def run(binaries):
    rows = []
    for task, case in CASES:
        planning, first = [], []
        for _ in range(5):
            probe = Probe(binaries, task, case, threads())
            planning.append(probe.about["planSeconds"])
            first += probe.steps(1)
            probe.close()
        plan, step = statistics.median(planning), statistics.median(first)
        rows.append(dict(case=f"{case}: {task}", ours=plan, theirs=step, ratio=plan / step))
    versions = {"balance engine": probe.about["versions"]}
    return dict(unit="seconds: plan, and the first step after it", rows=rows, versions=versions)
