"""Prints Tests/BalanceComparisonsTests/StatisticsGoldens.swift: what statsmodels, scipy and
numpy make of the statistics that BalanceComparisons computes itself.

    python3 -m pip install numpy scipy statsmodels
    python3 tools/goldens/comparisons.py > Tests/BalanceComparisonsTests/StatisticsGoldens.swift
"""

import numpy
import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.multitest import multipletests

P_VALUES = [
    [0.01, 0.04, 0.03, 0.005],
    [0.0004997501, 0.2, 0.2, 0.9, 0.031, 0.0625],
    [0.5],
    [1.0, 1.0, 0.3],
    [0.012, 0.012, 0.013, 0.6, 0.049],
]

DIFFERENCES = [
    [0.04],
    [0.04, 0.05, 0.03],
    [0.04, -0.01, 0.03, 0.02, 0.05],
    [0.01, -0.01, 0.02, -0.02],
    [0.031, 0.042, 0.018, 0.027, 0.035, 0.009, -0.004, 0.022],
    [-0.02, -0.01, -0.03, -0.015, 0.0, -0.02],
]


def sign_flip(differences):
    if len(differences) == 1:
        return 1.0  # scipy wants two; both assignments give the same sum
    result = scipy.stats.permutation_test(
        (numpy.array(differences),), numpy.mean, permutation_type="samples",
        alternative="two-sided", n_resamples=numpy.inf)
    return float(result.pvalue)


def bootstrap_case():
    """Three classes, two arms, four seeds: the interval of the difference in macro F1."""
    rng = numpy.random.default_rng(7)
    support = [60, 25, 12]
    truth = numpy.repeat(numpy.arange(3), support)
    hardness = rng.normal(size=truth.size)

    def answers(limits):
        out = []
        for _ in range(4):
            noisy = hardness + 0.6 * rng.normal(size=truth.size)
            right = noisy < numpy.array(limits)[truth]
            out.append(numpy.where(right, truth, (truth + 1) % 3))
        return numpy.array(out)

    plain, remedy = answers([2.2, 0.9, 0.2]), answers([1.9, 1.2, 0.9])
    draws = 40_000

    def macro_f1(predicted, index):
        t, p = truth[index], predicted[index]
        f1 = []
        for c in range(3):
            denominator = (t == c).sum() + (p == c).sum()
            f1.append(2 * ((t == c) & (p == c)).sum() / denominator if denominator else 0.0)
        return numpy.mean(f1)

    rows = [numpy.flatnonzero(truth == c) for c in range(3)]
    values = numpy.empty(draws)
    for draw in range(draws):
        index = numpy.concatenate([rng.choice(r, r.size) for r in rows])
        seeds = rng.integers(0, 4, 4)
        values[draw] = numpy.mean(
            [macro_f1(remedy[s], index) - macro_f1(plain[s], index) for s in seeds])
    everything = numpy.arange(truth.size)
    mean = numpy.mean([macro_f1(r, everything) - macro_f1(p, everything)
                       for r, p in zip(remedy, plain)])
    return truth, plain, remedy, mean, numpy.percentile(values, [2.5, 97.5])


def numbers(values, indent):
    """A Swift array literal, wrapped at 100 columns."""
    lines, line = [], indent
    for value in values:
        text = f"{value!r}, "
        if len(line) + len(text) > 99:
            lines.append(line.rstrip())
            line = indent
        line += text
    lines.append(line.rstrip())
    return "[\n" + "\n".join(lines) + "\n" + indent[2:] + "]"


def plain_list(values):
    return [v.item() if hasattr(v, "item") else v for v in values]


def main():
    print("// Printed by tools/goldens/comparisons.py with numpy "
          f"{numpy.__version__}, scipy {scipy.__version__},")
    print(f"// statsmodels {statsmodels.__version__}. Do not edit.")
    print("\nenum StatisticsGoldens {")
    print("  struct Adjustment {\n    let pValues, holm, benjaminiHochberg: [Double]\n  }\n")
    print("  static let adjustments = [")
    for values in P_VALUES:
        holm = plain_list(multipletests(values, method="holm")[1])
        bh = plain_list(multipletests(values, method="fdr_bh")[1])
        print("    Adjustment(")
        print(f"      pValues: {numbers(values, '        ')},")
        print(f"      holm: {numbers(holm, '        ')},")
        print(f"      benjaminiHochberg: {numbers(bh, '        ')}),")
    print("  ]\n")
    print("  static let signFlips: [(differences: [Double], pValue: Double)] = [")
    for values in DIFFERENCES:
        print(f"    ({numbers(values, '      ')}, {sign_flip(values)!r}),")
    print("  ]\n")
    truth, plain, remedy, mean, interval = bootstrap_case()
    print(f"  static let truth: [Int] = {numbers(plain_list(truth), '    ')}\n")
    for name, arm in (("plain", plain), ("remedy", remedy)):
        print(f"  static let {name}: [[Int]] = [")
        for answers in arm:
            print(f"    {numbers(plain_list(answers), '      ')},")
        print("  ]\n")
    print(f"  static let meanDifference = {float(mean)!r}")
    print("  /// 95 % percentile interval of 40,000 draws over seeds and images within classes.")
    print(f"  static let lower = {float(interval[0])!r}")
    print(f"  static let upper = {float(interval[1])!r}")
    print("}")


main()
