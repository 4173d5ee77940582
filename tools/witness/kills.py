"""Kills commands at random moments, goes on with them, and compares what they leave.

A run with everything on that has a state (augmentation, weighted sampling, AdamP, a moving average,
cosine schedule, deferred class weights) is trained once without interruption. Then it is begun again
again and again, killed with SIGKILL at a random moment, and resumed, being killed again now and
then, until it is finished. Every file that the weights decide must be the same.

`index` and `compare` are killed and started again likewise: the index must say the same as one made
at once, and every run of the comparison and its report must be the same.
"""

import argparse
import contextlib
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

SETTINGS = (
    "--model resnet20 --epochs 6 --batch-size 32 --image-size 16 --optimizer adamp --ema 0.99 "
    "--strategy weighted:0.5 --loss focal --class-weights effective-number --defer-weights 4 "
    "--schedule cosine --schedule-by step --augment crop:2,flip --seed 5 --threads 2"
).split()
FILES = ["weights.safetensors", "predictions.csv", "validation.csv", "evaluation.json"]
GRID = (
    "--strategies none,oversample --losses cross-entropy --seeds 0,1 --model cnn --epochs 3 "
    "--batch-size 32 --image-size 8 --threads 2"
).split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--others", type=int, default=30, help="runs of index, and of compare")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    failed = kill_trainings(options, chance)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        call([options.binary, "demo", "--to", folder / "demo", "--data-only", "-q"])
        data = folder / "demo" / "digits"
        index = [options.binary, "index", "-q", data, "--index"]
        failed |= kill_again(
            "index", lambda out: [*index, out / "index.sqlite"], index_rows, folder, options, chance
        )
        compare = [options.binary, "compare", "-q", data, *GRID, "--out"]
        failed |= kill_again(
            "compare", lambda out: [*compare, out], comparison, folder, options, chance
        )
    sys.exit(failed)


def kill_again(name, command, result, folder, options, chance):
    """Kills a command that is started again in the same words; whether one ended otherwise."""
    started = time.monotonic()
    call(command(folder / f"{name}-whole"))
    seconds = time.monotonic() - started
    expected = result(folder / f"{name}-whole")
    wrong = kills = 0
    for number in range(options.others):
        out = folder / f"{name}-{number}"
        times = 0
        while True:
            delay = None if times >= 1 and chance.random() < 0.5 else chance.uniform(0, seconds)
            if attempt(command(out), delay):
                if times > 0:
                    break
                shutil.rmtree(out)
                continue
            times += 1
        kills += times
        found = result(out)
        different = [part for part in expected if found[part] != expected[part]]
        if different:
            wrong += 1
            print(f"FAIL  {name} {number}: {different} differ; left behind: {found.get('left')}")
    print(
        f"{'ok' if wrong == 0 else 'FAIL'}    {name}: {options.others - wrong} of {options.others}, "
        f"killed {kills} times, end like the uninterrupted one ({seconds:.1f} s)",
        flush=True,
    )
    return wrong != 0


def index_rows(out):
    with contextlib.closing(sqlite3.connect(out / "index.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        queries = {
            "images": "SELECT path, content_hash, name, source_role FROM image"
            " JOIN class ON class.id = class_id ORDER BY path",
            "problems": "SELECT path, kind, message FROM problem ORDER BY path, kind",
            "splits": "SELECT name, hash, members FROM split ORDER BY name",
            "source": "SELECT complete FROM source",
        }
        return {part: database.execute(query).fetchall() for part, query in queries.items()}


def comparison(out):
    found = {}
    for run in sorted((out / "runs").iterdir()):
        for name in FILES:
            found[f"{run.name}/{name}"] = (run / name).read_bytes()
    found["report.csv"] = (out / "report.csv").read_bytes()
    found["left"] = [str(path.relative_to(out)) for path in out.rglob(".*")]
    return found


def kill_trainings(options, chance):
    """Whether a training that was killed and resumed ended with other files."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        data = folder / "demo"
        call([options.binary, "demo", "--to", data, "--data-only", "-q"])
        begin = [options.binary, "train", data / "digits", "-q", *SETTINGS]
        started = time.monotonic()
        call([*begin, "--out", folder / "whole"])
        seconds = time.monotonic() - started
        expected = [(folder / "whole" / name).read_bytes() for name in FILES]
        print(f"an uninterrupted run takes {seconds:.1f} s", flush=True)

        wrong = kills = before = 0
        for number in range(options.runs):
            run = folder / f"run-{number}"
            command = [*begin, "--out", run, "--checkpoint-every", f"{chance.choice([0, 0.05, 0.5])}"]
            times = 0
            while True:
                # One kill at least, and no run is killed for ever.
                mercy = times >= 1 and chance.random() < 0.5
                delay = None if mercy else chance.uniform(0, 1.1 * seconds)
                finished = attempt(command, delay)
                # Killed in its last moment, after the record was written.
                finished = finished or (run / "record.json").exists()
                if finished and times > 0:
                    break
                if finished:
                    # It was faster than the kill: once more, from the beginning.
                    command = [*begin, "--out", run, "--force", "--checkpoint-every", "0.05"]
                    continue
                times += 1
                if (run / "origin.json").exists():
                    before += not (run / "checkpoint.safetensors").exists()
                    command = [options.binary, "train", "--resume", run, "-q"]
                    command += ["--checkpoint-every", "0.05"]
                else:
                    command = [*begin, "--out", run, "--force", "--checkpoint-every", "0.05"]
            kills += times
            different = [
                name
                for name, content in zip(FILES, expected)
                if (run / name).read_bytes() != content
            ]
            left = [path.name for path in run.iterdir() if path.name.startswith(".")]
            if different or left:
                wrong += 1
                print(f"FAIL  run {number}: {different} differ, {left} are left behind")
        print(
            f"{'ok' if wrong == 0 else 'FAIL'}    {options.runs - wrong} of {options.runs} runs, "
            f"killed {kills} times ({before} before the first checkpoint), end byte for byte like "
            "the uninterrupted one"
        )
    return wrong != 0


def call(command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def attempt(command, delay):
    """Whether the command has ended by itself before it was killed; it must then have succeeded."""
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _, errors = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return False
    if process.returncode != 0:
        sys.exit(f"FAIL  {' '.join(map(str, command))}: {errors.decode()}")
    return True


main()
