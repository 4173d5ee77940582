"""Prints the class counts of long-tailed CIFAR and the measures of imbalance, as Swift.

Written for numpy 2.4 (any version will do), Python 3.11:

    python tools/goldens/imbalance.py > Tests/BalanceAnalysisTests/ImbalanceGoldens.swift

The measures come straight from their definitions, in another form than the program's where there
is one (the Gini coefficient as a mean of all pairs, the entropies as sums over all classes).
"""

import platform

import numpy as np

CASES = {
    "cifar10-lt10": [5000, 3871, 2997, 2320, 1796, 1391, 1077, 834, 645, 500],
    "cifar10-lt20": [5000, 3584, 2569, 1842, 1320, 946, 678, 486, 348, 250],
    "cifar10-lt50": [5000, 3237, 2096, 1357, 878, 568, 368, 238, 154, 100],
    "cifar10-lt100": [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50],
    "cifar10-lt200": [5000, 2775, 1540, 854, 474, 263, 146, 81, 45, 25],
    "ham10000": [6705, 1113, 1099, 514, 327, 142, 115],
    "balanced": [25, 25, 25, 25],
    "two": [999, 1],
    "one class": [12],
    "with an empty class": [10, 0, 5],
    "everything in one of three": [0, 7, 0],
}


def measures(counts):
    n = np.array(counts, dtype=np.float64)
    k = len(n)
    p = n / n.sum()
    q = p[p > 0]
    h = float(np.sum(q * np.log(1 / q)))
    return [
        float(n.max() / n[n > 0].min()),
        h,
        h / float(np.log(k)) if k > 1 else 1.0,
        float(np.prod(q**-q)),
        float(1 / np.dot(p, p)),
        float(1 - np.dot(p, p)),
        float(np.abs(n[:, None] - n[None, :]).mean() / (2 * n.mean())),
        float(p.max()),
    ]


def long_tail(maximum, classes, ratio):
    """As in the LDAM-DRW experiments: int() of a float64 power."""
    return [int(maximum * (1 / ratio) ** (c / (classes - 1.0))) for c in range(classes)]


print("// Printed by tools/goldens/imbalance.py with")
print(f"// numpy {np.__version__}, Python {platform.python_version()}.")
print()
print("/// Counts, and: imbalance ratio, H, H / ln K, exp H, 1 / Σπ², 1 − Σπ², Gini, max π.")
print("enum ImbalanceGoldens {")
print("  static let cases: [(name: String, counts: [Int], measures: [Double])] = [")
for name, counts in CASES.items():
    print(f'    (\n      "{name}", {counts},')
    values = [repr(v) for v in measures(counts)]
    print(f"      [\n        {', '.join(values[:4])},\n        {', '.join(values[4:])},\n      ]\n    ),")
print("  ]")
print("}")

for ratio in (10, 20, 50, 100, 200):
    assert long_tail(5000, 10, ratio) == CASES[f"cifar10-lt{ratio}"], ratio
totals = [sum(long_tail(500, 100, ratio)) for ratio in (10, 20, 50, 100, 200)]
assert totals == [19573, 15907, 12608, 10847, 9502], totals
