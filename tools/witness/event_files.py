"""The event files of `balance train --tensorboard`, as TensorBoard reads them.

A short run on digits, and the same run killed and resumed. TensorBoard's own reader must find the
figures of history.csv at their steps, to the last bit of a float32; for the resumed run, those of
its history and nothing twice. The figures of classes must be those of validation-f1.csv.
"""

import argparse
import csv
import html
import json
import logging
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import numpy
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from report import check, finish  # noqa: E402

EPOCHS = 12
# That it drops repeated steps is what is asked for.
logging.getLogger("tensorboard").setLevel(logging.ERROR)
COLUMNS = {
    "epoch/training loss": "training loss",
    "epoch/learning rate": "learning rate",
    "validation/loss": "validation loss",
    "validation/accuracy": "validation accuracy",
    "validation/macro F1": "validation macro F1",
}


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def start(binary, folder, *arguments):
    command = [binary, "train", *arguments, "--quiet"]
    return subprocess.Popen(
        list(map(str, command)), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True)


def train(binary, folder, *arguments):
    process = start(binary, folder, *arguments)
    error = process.communicate()[1]
    if process.returncode != 0:
        sys.exit(f"balance train: {error}")


def train_killed(binary, folder, name, *arguments, seconds):
    """A run that is killed when it has saved a checkpoint and written events after it.

    It saves a few times in `seconds`, what such a run takes on this machine. One that ends before it
    is killed is begun again.
    """
    run = folder / name
    for _ in range(20):
        shutil.rmtree(run, ignore_errors=True)
        process = start(
            binary, folder, *arguments, "--out", name, "--checkpoint-every", f"{seconds / 5:.3f}")
        saved = None
        while process.poll() is None:
            events = sum(path.stat().st_size for path in run.glob("events.out.tfevents.*"))
            if saved is not None and events > saved:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                break
            if saved is None and (run / "checkpoint.safetensors").exists():
                saved = events
            time.sleep(seconds / 1000)
        if process.returncode == -signal.SIGKILL:
            return
        error = process.communicate()[1]
        if process.returncode != 0:
            sys.exit(f"balance train: {error}")
    sys.exit("balance train ended before it could be killed, twenty times")


def scalars(run):
    """[(step, value)] by tag, and the texts, as TensorBoard has them."""
    reader = EventAccumulator(str(run), size_guidance={"tensors": 0})
    reader.Reload()
    values, texts = {}, {}
    for tag in reader.Tags()["tensors"]:
        events = reader.Tensors(tag)
        plugin = reader.SummaryMetadata(tag).plugin_data.plugin_name
        arrays = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in events]
        if plugin == "text":
            texts[tag] = [array.item().decode() for _, array in arrays]
        else:
            values[tag] = [(step, numpy.float32(array.item())) for step, array in arrays]
    return values, texts


def compare(name, run):
    history = rows(run / "history.csv")
    steps = [int(row["steps"]) for row in history]
    values, texts = scalars(run)
    for tag, column in COLUMNS.items():
        expected = [(step, numpy.float32(row[column])) for step, row in zip(steps, history)]
        found = values.get(tag, [])
        check(f"{name}: {tag}", found == expected and len(expected) == EPOCHS,
              f"{sum(a == b for a, b in zip(found, expected))} of {EPOCHS} equal, {len(found)} read")
    course = rows(run / "validation-f1.csv")
    classes = [key for key in course[0] if key != "epoch"]
    largest, count = 0.0, 0
    for label in classes:
        found = dict(values.get(f"F1/{label}", []))
        count += len(found) == len(history)
        for row in course:
            step = steps[int(row["epoch"]) - 1]
            largest = max(largest, abs(float(found.get(step, numpy.nan)) - float(row[label])))
    # The file has four decimals.
    check(f"{name}: F1 of {len(classes)} classes", count == len(classes) and largest <= 5.1e-5,
          f"largest difference {largest:.1e}, {count} classes with all epochs")
    mean = [numpy.mean([values[f"F1/{label}"][i][1] for label in classes]) for i in range(len(steps))]
    macro = [value for _, value in values["validation/macro F1"]]
    check(f"{name}: macro F1 is the mean of the classes'", numpy.allclose(mean, macro, atol=1e-6),
          f"largest difference {numpy.max(numpy.abs(numpy.subtract(mean, macro))):.1e}")
    by_step = values["training/loss"]
    order = [step for step, _ in by_step]
    check(f"{name}: every step once, in order", order == sorted(set(order)) and order[-1] == steps[-1],
          f"{len(order)} values up to step {order[-1]}")
    rate = dict(values["training/learning rate"])
    ends = [rate.get(step) == numpy.float32(row["learning rate"]) for step, row in zip(steps, history)]
    check(f"{name}: learning rate at the epochs' ends", all(ends), f"{sum(ends)} of {len(ends)} equal")
    settings = json.loads((run / "record.json").read_text())["settings"]
    table = texts.get("settings", [""])[0]
    # As Markdown shows it.
    shown = html.unescape(re.sub(r"\\(.)", r"\1", table))
    missing = [key for key, value in settings.items() if f"| {key} | {value} |" not in shown]
    check(f"{name}: settings as text", not missing and len(texts["settings"]) == 1,
          f"{len(settings) - len(missing)} of {len(settings)} settings")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    arguments = parser.parse_args()
    binary = pathlib.Path(arguments.binary).resolve()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        subprocess.run(
            [binary, "demo", "--to", "demo", "--data-only"], cwd=folder, check=True,
            capture_output=True)
        settings = ["--epochs", EPOCHS, "--batch-size", 16, "--model", "resnet20", "--tensorboard"]
        began = time.monotonic()
        train(binary, folder, "demo/digits", "--out", "whole", *settings)
        seconds = time.monotonic() - began
        compare("one piece", folder / "whole")
        train_killed(binary, folder, "cut", "demo/digits", *settings, seconds=seconds)
        train(binary, folder, "--resume", "cut")
        files = sorted((folder / "cut").glob("events.out.tfevents.*"))
        check("resumed: a file of its own", len(files) == 2, f"{len(files)} event files")
        compare("resumed", folder / "cut")
        same = rows(folder / "whole/history.csv"), rows(folder / "cut/history.csv")
        for row in [*same[0], *same[1]]:
            row.pop("seconds")
        check("resumed: the history of the run in one piece", same[0] == same[1],
              f"{sum(a == b for a, b in zip(*same))} of {len(same[0])} rows equal")
    finish()


if __name__ == "__main__":
    main()
