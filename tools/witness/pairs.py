"""Starts two commands at once on one dataset or folder, for each pair of index, train and compare.

Whatever the moment, nobody loses anything: each command either does all of its work, or fails and
says why; afterwards the index, the run and the comparison are those of commands that ran alone, and
nothing half-written is left. In every other round the two have folders of their own, and then both
must succeed.
"""

import argparse
import contextlib
import itertools
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

SETTINGS = "--model cnn --epochs 2 --batch-size 32 --image-size 8 --threads 1 -q".split()
GRID = "--strategies none,oversample --losses cross-entropy --seeds 0,1".split()
FILES = ["weights.safetensors", "predictions.csv", "validation.csv"]
REASONS = [
    "another process works in this folder",
    "there is a run already",
    "there is an unfinished run",
    "exists and is not a run",
    "is the folder of a run",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        data = dataset(options.binary, folder)
        alone, seconds = run_alone(options.binary, data, folder)
        for pair in itertools.combinations_with_replacement(["index", "train", "compare"], 2):
            faults, lost = [], 0
            for number in range(options.rounds):
                shared = number % 2 == 0
                place = folder / "round"
                problems, losers = play(options.binary, data, place, pair, shared, alone, seconds, chance)
                faults += [f"round {number}: {problem}" for problem in problems]
                lost += losers
                shutil.rmtree(place)
            print(
                f"{'FAIL' if faults else 'ok'}    {' and '.join(pair)}: {options.rounds} rounds, "
                f"{lost} commands gave way and said why",
                flush=True,
            )
            for fault in faults[:5]:
                print(f"      {fault}")
            failed = failed or bool(faults)
    sys.exit(failed)


def dataset(binary, folder):
    """The training digits of the demo, a folder a class, for which a split has to be made."""
    call([binary, "demo", "--to", folder / "demo", "--data-only", "-q"])
    return folder / "demo" / "digits" / "train"


def arguments(binary, command, data, out):
    if command == "index":
        return [binary, "index", data, "-q"]
    grid = GRID if command == "compare" else []
    return [binary, command, data, "--out", out, *grid, *SETTINGS]


def run_alone(binary, data, folder):
    """What each command leaves that nobody disturbs, and how long the longest takes."""
    place = folder / "alone"
    shutil.copytree(data, place / "data")
    alone, longest = {}, 0
    for command in ["index", "train", "compare"]:
        started = time.monotonic()
        call(arguments(binary, command, place / "data", place / command))
        longest = max(longest, time.monotonic() - started)
        alone[command] = result(command, place / "data", place / command)
    alone["split"] = index_rows(place / "data", splits=True)
    return alone, longest


def play(binary, data, place, pair, shared, alone, seconds, chance):
    """What went wrong in one round, and how many commands gave way."""
    shutil.copytree(data, place / "data")
    outs = [place / "out"] * 2 if shared else [place / "out-0", place / "out-1"]
    processes = []
    for command, out in zip(pair, outs):
        words = [str(word) for word in arguments(binary, command, place / "data", out)]
        processes.append(
            subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        )
        # At once, a moment later, or anywhere in the other's work.
        time.sleep(chance.choice([0, 0, chance.uniform(0, 0.05), chance.uniform(0, seconds)]))
    problems, losers, winners = [], 0, []
    for command, out, process in zip(pair, outs, processes):
        _, errors = process.communicate()
        if process.returncode == 0:
            winners.append((command, out))
        elif process.returncode > 0 and shared and any(reason in errors for reason in REASONS):
            losers += 1
        else:
            problems.append(f"{command} ended with {process.returncode}: {errors.strip()[-300:]}")
    if not winners:
        problems.append("both gave way")
    for command, out in winners:
        if result(command, place / "data", out) != alone[command]:
            problems.append(f"what {command} left is not what it leaves alone")
    if any(command != "index" for command in pair):
        if index_rows(place / "data", splits=True) != alone["split"]:
            problems.append("the split is another")
    left = [path for path in place.rglob("*.tmp*")]
    if left:
        problems.append(f"left behind: {left}")
    return problems, losers


def result(command, data, out):
    if command == "index":
        return index_rows(data, splits=False)
    runs = [out] if command == "train" else sorted((out / "runs").iterdir())
    found = {run.name if command == "compare" else "": contents(run) for run in runs}
    if command == "compare":
        found["report.csv"] = (out / "report.csv").read_bytes()
    return found


def contents(run):
    return [(run / name).read_bytes() for name in FILES] + [(run / "record.json").exists()]


def index_rows(data, splits):
    place = data / ".balance" / "index.sqlite"
    with contextlib.closing(sqlite3.connect(place)) as database:
        rows = database.execute(
            "SELECT path, content_hash, name FROM image JOIN class ON class.id = class_id ORDER BY path"
        ).fetchall()
        complete = database.execute("SELECT complete FROM source").fetchall()
        members = database.execute(
            "SELECT split.name, hash, path, role FROM split JOIN split_member ON split_id = split.id"
            " ORDER BY split.name, path"
        ).fetchall()
        problems = database.execute("SELECT * FROM problem").fetchall()
    return rows, complete, problems, members if splits else None


def call(command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


main()
