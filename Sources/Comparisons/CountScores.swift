/// The scores of one run from its per-class counts.
///
///     recall_c = TP_c / n_c        F1_c = 2·TP_c / (n_c + predicted_c)
///     accuracy = Σ TP_c / Σ n_c    macro F1 = (1/K) Σ F1_c
///     prior-weighted accuracy = Σ π_c·recall_c / Σ π_c, over classes with test images
///
/// A score whose denominator is zero is 0 and counts in the average, as scikit-learn has it with
/// the full label list and `zero_division=0`.
struct CountScores {
  var accuracy: Double
  var macroF1: Double
  var priorWeightedAccuracy: Double
  var f1: [Double]
  var recall: [Double]

  init(support: [Int], truePositives: [Int], predicted: [Int], priors: [Double]) {
    let classes = support.indices
    f1 = classes.map { c in
      let denominator = support[c] + predicted[c]
      return denominator == 0 ? 0 : 2 * Double(truePositives[c]) / Double(denominator)
    }
    recall = classes.map { c in
      support[c] == 0 ? 0 : Double(truePositives[c]) / Double(support[c])
    }
    let total = support.reduce(0, +)
    accuracy = total == 0 ? 0 : Double(truePositives.reduce(0, +)) / Double(total)
    macroF1 = support.isEmpty ? 0 : f1.reduce(0, +) / Double(support.count)
    var weighted = 0.0
    var mass = 0.0
    for c in classes where support[c] > 0 {
      weighted += priors[c] * recall[c]
      mass += priors[c]
    }
    priorWeightedAccuracy = mass == 0 ? accuracy : weighted / mass
  }

  init(truth: [Int32], predicted: [Int32], support: [Int], priors: [Double]) {
    var truePositives = [Int](repeating: 0, count: support.count)
    var counts = truePositives
    for (truth, predicted) in zip(truth, predicted) {
      counts[Int(predicted)] += 1
      if truth == predicted { truePositives[Int(truth)] += 1 }
    }
    self.init(support: support, truePositives: truePositives, predicted: counts, priors: priors)
  }
}
