"""Memory that a training step adds to a process, here and in PyTorch's eager modes."""

import json
import subprocess
import sys

from case import Case, possible, threads
from probe import Probe

CASES = [Case("resnet32", 128, 32, precision) for precision in ("f32", "bf16")]
# Run in a process of its own for each mode, so that nothing is there yet.
MEASURE = """
import dataclasses, json, os, sys
import torch, modes
from case import Case
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
before = resident()
step = modes.Training(Case(**json.loads(sys.argv[1])), sys.argv[2])
step.steps(3)
print(resident() - before)
"""


def torch_bytes(case, mode):
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps(vars(case)), mode],
        env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
        check=True, capture_output=True, text=True,
    )
    return int(done.stdout)


def run(binaries):
    rows = []
    for case in possible(CASES):
        probe = Probe(binaries, "step", case, threads())
        probe.steps(3)
        probe.close()
        for mode in ("default", "channels-last"):
            theirs = torch_bytes(case, mode)
            rows.append(
                dict(case=f"{case}: {mode}", ours=probe.grown / 1e6, theirs=theirs / 1e6,
                     ratio=probe.grown / theirs)
            )
    versions = {"balance engine": probe.about["versions"]}
    unit = "MB that three training steps add to the process"
    return dict(unit=unit, rows=rows, versions=versions)
