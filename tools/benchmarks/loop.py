"""Epochs of the training loop beside as many bare steps: what the loop costs."""

import json
import os
import statistics
import subprocess


def run(binaries):
    rounds = os.environ.get("BALANCE_BENCH_ROUNDS", "9")
    rows = []
    for model in ("resnet32", "cnn"):
        output = subprocess.run(
            [binaries / "engine-probe", "loop", model, rounds],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        seconds = json.loads(output)
        overheads = [loop / bare for loop, bare in zip(seconds["loop"], seconds["bare"])]
        rows.append(
            {
                "case": f"{model} at 32×32, epochs of 5,530 images, batch 128",
                "ours": 1000 * statistics.median(seconds["loop"]),
                "theirs": 1000 * statistics.median(seconds["bare"]),
                "ratio": statistics.median(overheads),
            }
        )
    return {
        "versions": {},
        "rows": rows,
        "unit": "milliseconds of the loop (ours) and of as many bare steps (theirs), in turn in one process",
    }
