import BalanceCore

extension Comparison.DataSummary {
  init(training: ClassCounts, set: TestSet) {
    trainingCounts = training
    testCounts = ClassCounts(names: set.classNames, counts: set.support)
    let present = training.counts.filter { $0 > 0 }
    imbalanceRatio = Double(present.max() ?? 1) / Double(present.min() ?? 1)
    testGroups = set.groups.map { Set($0).count }
    let distance = zip(training.priors, testCounts.priors).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    testSharesDiffer = training.total > 0 && distance > 0.05
  }
}

extension Comparison.Gap {
  init(_ baseline: Arm, data: Comparison.DataSummary) {
    accuracy = data.testSharesDiffer ? baseline.priorWeightedAccuracy : baseline.accuracy
    macroF1 = baseline.macroF1
    difference = accuracy.mean - macroF1.mean
    accuracyName =
      data.testSharesDiffer ? "accuracy at the data's own class frequencies" : "accuracy"
  }
}
