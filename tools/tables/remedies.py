"""Prints the runs of a comparison as a table in Markdown: means over seeds, arms in order of macro F1.

Head and tail are the three classes with the most and with the fewest training images; their recall
is the mean of the classes' recalls.
"""

import argparse
import collections
import json
import pathlib
import statistics


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="what 'balance compare --out' wrote")
    options = parser.parse_args()
    arms = collections.defaultdict(list)
    records = []
    for place in sorted(options.folder.glob("runs/*/record.json")):
        record = json.loads(place.read_text())
        evaluation = json.loads((place.parent / "evaluation.json").read_text())
        arms[name(record)].append((record["seed"], figures(record, evaluation)))
        records.append(record)
    rows = []
    for arm, runs in arms.items():
        runs.sort()
        means = [statistics.mean(column) for column in zip(*(values for _, values in runs))]
        each = ", ".join(f"{values[1]:.3f}" for _, values in runs)
        rows.append((means, arm, len(runs), each))
    print("| arm | seeds | accuracy | macro F1 | head recall | tail recall | macro F1 of each seed |")
    print("|---|---|---|---|---|---|---|")
    for means, arm, count, each in sorted(rows, key=lambda row: -row[0][1]):
        print(f"| {arm} | {count} | " + " | ".join(f"{value:.3f}" for value in means) + f" | {each} |")
    first = records[0]
    machine = first["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(machine["versions"].items()))
    print(
        f"\n{len(records)} runs, each of {first['optimizerSteps']:,} optimizer steps; "
        f"{machine['processor']}, {machine['threads']} threads, {machine['instructionSet']}; {versions}."
    )


def name(record):
    settings = record["settings"]
    parts = []
    if record["strategy"] != "none":
        parts.append(deferred(record["strategy"], settings["defer-strategy"]))
    if record["loss"] != "cross-entropy" or settings["class-weights"] != "none":
        parts.append(record["loss"])
    if settings["class-weights"] != "none":
        parts.append(deferred(settings["class-weights"], settings["defer-weights"]))
    if settings["post-hoc"] != "none":
        parts.append(f"post-hoc {settings['post-hoc']}")
    return " + ".join(parts) or "plain cross-entropy"


def deferred(remedy, epoch):
    return remedy if epoch == "none" else f"{remedy} from epoch {epoch}"


def figures(record, evaluation):
    classes = sorted(evaluation["classes"], key=lambda row: -row["trainingCount"])
    recalls = [row["recall"] for row in classes]
    return (
        evaluation["accuracy"],
        evaluation["macro"]["f1"],
        statistics.mean(recalls[:3]),
        statistics.mean(recalls[-3:]),
    )


main()
