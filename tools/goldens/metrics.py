"""Goldens of Tests/BalanceMetricsTests, by scikit-learn. Run: python tools/goldens/metrics.py"""

import warnings

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics as m

import swiftfile

warnings.filterwarnings("ignore")
FLOOR = 2.0**-126


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True)).astype(np.float32)


def wilson(hits, n):
    if n == 0:
        return [0.0, 1.0]
    ci = stats.binomtest(int(hits), int(n)).proportion_ci(0.95, method="wilson")
    return [float(ci.low), float(ci.high)]


def ece(p, y, predicted, bins=15):
    confidence = p[np.arange(len(y)), predicted].astype(np.float64)
    edges = np.arange(bins + 1) * 1.0
    where = np.clip(np.searchsorted(edges, confidence * bins, side="right") - 1, 0, bins - 1)
    total = 0.0
    for b in range(bins):
        inside = where == b
        if inside.any():
            total += inside.sum() * abs((predicted == y)[inside].mean() - confidence[inside].mean())
    return total / len(y)


def case(name, y, p, training):
    k = p.shape[1]
    labels = list(range(k))
    predicted = p.argmax(1)
    cm = m.confusion_matrix(y, predicted, labels=labels)
    kw = dict(labels=labels, zero_division=0)
    precision, recall, f1, support = m.precision_recall_fscore_support(y, predicted, **kw)
    # By default the averages run over the classes that occur, in the truth or the predictions.
    averages = {
        a: [float(v) for v in m.precision_recall_fscore_support(
            y, predicted, average=a, zero_division=0)[:3]]
        for a in ("macro", "micro", "weighted")
    }
    present = support > 0
    specificity = []
    for c in labels:
        negatives = (y != c).sum()
        specificity.append(
            float(((y != c) & (predicted != c)).sum() / negatives) if negatives else 0.0)
    shots = {}
    for band, inside in (
        ("many", training > 100),
        ("medium", (training >= 20) & (training <= 100)),
        ("few", training < 20),
    ):
        chosen = inside & present
        shots[band] = float(recall[chosen].mean()) if chosen.any() else None
    prior = training[present].sum()
    return dict(
        name=name,
        classes=k,
        truth=[int(v) for v in y],
        probabilities=[float(v) for v in p.ravel()],
        training=[int(v) for v in training],
        confusion=[int(v) for v in cm.ravel()],
        precision=[float(v) for v in precision],
        recall=[float(v) for v in recall],
        f1=[float(v) for v in f1],
        support=[int(v) for v in support],
        specificity=specificity,
        intervals=[wilson(cm[c, c], support[c]) for c in labels],
        accuracy=float(m.accuracy_score(y, predicted)),
        **averages,
        balancedAccuracy=float(m.balanced_accuracy_score(y, predicted)),
        geometricMean=float(stats.gmean(recall[present])),
        mcc=float(m.matthews_corrcoef(y, predicted)),
        kappa=float(m.cohen_kappa_score(y, predicted, labels=labels)),
        negativeLogLikelihood=float(
            -np.log(np.maximum(p[np.arange(len(y)), y].astype(np.float64), FLOOR)).mean()),
        brier=float(
            ((p.astype(np.float64) - np.eye(k)[y]) ** 2).sum(1).mean()),
        ece=float(ece(p, y, predicted)),
        priorWeightedAccuracy=float((training * recall)[present].sum() / prior) if prior else None,
        shots=shots,
    )


def one_hot(predicted, k):
    return np.eye(k, dtype=np.float32)[predicted]


def main():
    rng = np.random.default_rng(20)
    cases = []
    y, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 4, 0])
    cases.append(case("absent and never predicted", y, one_hot(predicted, 5),
                      np.array([300, 100, 20, 19, 0])))
    for name, n, k, scale in (
        ("many images", 120, 4, 1.5), ("more classes than images", 5, 9, 1.0),
        ("confident", 40, 3, 30.0), ("two classes", 50, 2, 1.0),
    ):
        y = rng.choice(k, n, p=np.arange(k, 0, -1) / np.arange(1, k + 1).sum())
        logits = rng.normal(size=(n, k)) * scale
        logits[np.arange(n), y] += scale
        cases.append(case(name, y, softmax(logits), np.bincount(y, minlength=k) * 17))
    y = np.array([0, 1, 2, 1, 1])
    cases.append(case("constant prediction", y, one_hot(np.full(5, 1), 3), np.array([5, 50, 500])))
    cases.append(case("constant truth", np.full(4, 2), one_hot(np.array([2, 0, 2, 1]), 3),
                      np.array([0, 0, 7])))
    cases.append(case("one class in both", np.full(3, 1), one_hot(np.full(3, 1), 2),
                      np.array([0, 0])))
    cases.append(case("a single class", np.zeros(3, int), np.ones((3, 1), np.float32),
                      np.array([30])))
    cases.append(case("ties", np.array([0, 1, 2, 3]), np.full((4, 4), 0.25, np.float32),
                      np.array([9, 9, 9, 9])))
    edges = np.array([[8, 4, 3], [5, 5, 5], [10, 5, 0], [3, 12, 0], [0, 1, 14]]) / 15
    cases.append(case("bin edges", np.array([0, 1, 2, 1, 2]), edges.astype(np.float32),
                      np.array([101, 100, 20])))
    swiftfile.write(
        "BalanceMetricsTests/MetricGoldens.swift", "MetricGoldens", "metrics.py",
        {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        cases)


main()
