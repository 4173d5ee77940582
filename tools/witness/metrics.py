#!/usr/bin/env python3
"""Recomputes a run's evaluation from its predictions with scikit-learn, numpy and scipy.

    metrics.py RUN_FOLDER...                RUN/predictions.csv against RUN/evaluation.json
    metrics.py --random N --binary BALANCE  N made-up tables through `balance evaluate`

Every figure must agree to 1e-12 of the larger of 1 and its size.
"""

import argparse
import csv
import json
import math
import pathlib
import subprocess
import tempfile
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics

from report import check, finish

TOLERANCE = 1e-12
FLOOR = 2.0**-126
warnings.filterwarnings("ignore")


def read_predictions(path):
    """Class names, truth, predicted and the float32 probabilities [images, classes]."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    lead = header.index("predicted") + 1
    names = [column.removeprefix("p:") for column in header[lead:]]
    index = {name: c for c, name in enumerate(names)}
    truth = np.array([index[row[lead - 2]] for row in rows])
    predicted = np.array([index[row[lead - 1]] for row in rows])
    p = np.array([[float(v) for v in row[lead:]] for row in rows]).astype(np.float32)
    return names, truth, predicted, p


def calibration_error(p, truth, predicted, bins):
    """Expected calibration error over bins [b/B, (b+1)/B), 1 in the last."""
    confidence = p[np.arange(len(truth)), predicted].astype(np.float64)
    bin_of = np.minimum(np.floor(confidence * bins).astype(int), bins - 1)
    right = (truth == predicted).astype(np.float64)
    return sum(
        abs((right[bin_of == b] - confidence[bin_of == b]).sum()) for b in range(bins)
    ) / len(truth)


def recompute(names, truth, predicted, p, training, bins):
    """Every figure of an evaluation by its path in the JSON; lists run over the classes."""
    labels = list(range(len(names)))
    every = dict(labels=labels, zero_division=0)
    confusion = metrics.confusion_matrix(truth, predicted, labels=labels)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, **every)
    present = support > 0
    negatives = len(truth) - support
    false_positives = confusion.sum(0) - confusion.diagonal()
    intervals = [
        stats.binomtest(int(hits), int(n)).proportion_ci(method="wilson") if n else (0.0, 1.0)
        for hits, n in zip(confusion.diagonal(), support)]
    overall = stats.binomtest(int(confusion.trace()), len(truth)).proportion_ci(method="wilson")
    wide = p.astype(np.float64)
    own = wide[np.arange(len(truth)), truth]
    figures = {
        "count": len(truth),
        "confusion.counts": confusion.ravel(),
        "classes.support": support,
        "classes.predictedCount": confusion.sum(0),
        "classes.truePositives": confusion.diagonal(),
        "classes.precision": precision,
        "classes.recall": recall,
        "classes.f1": f1,
        "classes.specificity": np.divide(
            negatives - false_positives, negatives, out=np.zeros(len(names)), where=negatives > 0),
        "classes.recallInterval.lower": [low for low, _ in intervals],
        "classes.recallInterval.upper": [high for _, high in intervals],
        "accuracy": metrics.accuracy_score(truth, predicted),
        "accuracyInterval.lower": overall.low,
        "accuracyInterval.upper": overall.high,
        "balancedAccuracy": metrics.balanced_accuracy_score(truth, predicted),
        "geometricMean": stats.gmean(recall[present]),
        "worstRecall": recall[present].min(),
        "mcc": metrics.matthews_corrcoef(truth, predicted),
        "kappa": metrics.cohen_kappa_score(truth, predicted, labels=labels),
        "negativeLogLikelihood": -np.log(np.maximum(own, FLOOR)).mean(),
        "brier": ((wide - np.eye(len(names))[truth]) ** 2).sum(1).mean(),
        "ece": calibration_error(p, truth, predicted, bins),
    }
    for average in ("macro", "micro", "weighted"):
        # By default over the classes that occur, in the truth or the predictions.
        scores = metrics.precision_recall_fscore_support(
            truth, predicted, average=average, zero_division=0)
        for name, score in zip(("precision", "recall", "f1"), scores):
            figures[f"{average}.{name}"] = score
    if training is not None:
        share = training * present
        figures["priorWeightedAccuracy"] = (
            (share * recall).sum() / share.sum() if share.sum() else None)
        for band, inside in (("many", training > 100), ("few", training < 20),
                             ("medium", (training >= 20) & (training <= 100))):
            chosen = inside & present
            figures[f"shots.{band}"] = recall[chosen].mean() if chosen.any() else None
    return figures


def lookup(evaluation, path):
    """The value at a dotted path; through the list of classes, one value a class."""
    value = evaluation
    for part in path.split("."):
        if isinstance(value, list):
            value = [entry[part] for entry in value]
        else:
            value = None if value is None else value.get(part)
    return value


def difference(ours, theirs):
    """The largest difference over max(1, size); inf where one is missing or not a number."""
    if ours is None or theirs is None:
        return 0.0 if ours is None and theirs is None else math.inf
    # Undefined figures are written as the string "nan".
    ours = np.atleast_1d(np.array(ours, dtype=np.float64))
    theirs = np.atleast_1d(np.array(theirs, dtype=np.float64))
    if ours.shape != theirs.shape or (np.isnan(ours) != np.isnan(theirs)).any():
        return math.inf
    gaps = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    return float(np.nan_to_num(gaps, nan=0.0).max())


def confusion_counts(confusion):
    """All K² cells; older files have them, newer ones (truth, predicted, count) triples."""
    if "counts" in confusion:
        return confusion["counts"]
    k = len(confusion["classNames"])
    counts = np.zeros((k, k))
    for truth, predicted, count in np.reshape(confusion["cells"], (-1, 3)):
        counts[truth, predicted] = count
    return counts.ravel()


def differences(table, evaluation):
    """The difference of every figure; also whether names and predictions are consistent."""
    names, truth, predicted, p = table
    counts = [entry.get("trainingCount") for entry in evaluation["classes"]]
    training = None if None in counts else np.array(counts)
    evaluation["confusion"]["counts"] = confusion_counts(evaluation["confusion"])
    figures = recompute(*table, training, evaluation["policy"]["calibrationBins"])
    result = {path: difference(lookup(evaluation, path), v) for path, v in figures.items()}
    named = lookup(evaluation, "classes.name") == names == evaluation["confusion"]["classNames"]
    result["class names"] = 0.0 if named else math.inf
    result["predicted is argmax"] = 0.0 if (p.argmax(1) == predicted).all() else math.inf
    return result


def write_table(path, rng, number):
    """A made-up predictions.csv: absent classes, constants, one class, ties, certain mistakes."""
    kind = number % 6
    k = 1 if kind == 3 else int(rng.integers(2, 12))
    n = int(rng.integers(1, 200))
    names = [f"class {c}" for c in range(k)]
    names[0] = 'a, "b"'
    present = np.sort(rng.permutation(k)[: int(rng.integers(1, k + 1))])
    truth = rng.choice(present, n)
    logits = rng.normal(size=(n, k)) * rng.choice([0.5, 3, 30, 300])
    logits[np.arange(n), truth] += rng.choice([0, 1, 3])
    if kind == 1:
        logits[:, rng.integers(k)] += 1e4
    if kind == 2:
        truth[:] = present[0]
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    p = (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32)
    if kind == 4:
        p = np.full((n, k), 1 / k, dtype=np.float32)
    if kind == 5:
        # Confidences on the very edges of the bins.
        edge = rng.integers(8, 16, n)
        p = np.zeros((n, k), dtype=np.float32)
        first = rng.integers(k, size=n)
        p[np.arange(n), first] = edge / 15
        p[np.arange(n), (first + 1) % k] += (15 - edge) / 15
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["image", "truth", "predicted"] + ["p:" + name for name in names])
        for i in range(n):
            writer.writerow(
                [f"{i}.png", names[truth[i]], names[p[i].argmax()]] + [str(v) for v in p[i]])


def verify_runs(folders):
    for folder in map(pathlib.Path, folders):
        try:
            table = read_predictions(folder / "predictions.csv")
            evaluation = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
            found = differences(table, evaluation)
        except (OSError, ValueError, KeyError) as error:
            check(f"metrics {folder.name}", False, f"{type(error).__name__}: {error}")
            continue
        for path, gap in found.items():
            check(f"metrics {folder.name} {path}", gap <= TOLERANCE, f"{gap:.1e}")


def verify_random(count, binary, seed):
    rng = np.random.default_rng(seed)
    worst = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "predictions.csv"
        for number in range(count):
            write_table(path, rng, number)
            run = subprocess.run(
                [binary, "evaluate", "--predictions", str(path), "--json"], capture_output=True)
            if run.returncode != 0:
                check(f"metrics random table {number}", False,
                      run.stderr.decode(errors="replace").strip() or f"exit {run.returncode}")
                return
            found = differences(read_predictions(path), json.loads(run.stdout))
            for name, gap in found.items():
                worst[name] = max(worst.get(name, (-1.0, 0)), (gap, number))
    for name, (gap, number) in worst.items():
        passed = gap <= TOLERANCE
        where = f"over {count} tables" if passed else f"table {number}, seed {seed}"
        check(f"metrics random {name}", passed, f"{gap:.1e} {where}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="*", metavar="RUN_FOLDER")
    parser.add_argument("--random", type=int, metavar="N", help="check N made-up tables")
    parser.add_argument("--binary", metavar="BALANCE", help="the built program, for --random")
    parser.add_argument("--seed", type=int, default=0, help="of the made-up tables (default: 0)")
    options = parser.parse_args()
    if not options.runs and not options.random:
        parser.error("give run folders, or --random N --binary BALANCE")
    if options.random and not options.binary:
        parser.error("--random needs --binary BALANCE")
    verify_runs(options.runs)
    if options.random:
        verify_random(options.random, options.binary, options.seed)
    finish()


main()
