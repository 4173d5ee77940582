/// The scores of one run from its per-class counts.
///
///     recall_c = TP_c / n_c        F1_c = 2·TP_c / (n_c + predicted_c)
///     accuracy = Σ TP_c / Σ n_c    macro F1 = mean of F1_c over classes with n_c + predicted_c > 0
///     prior-weighted accuracy = Σ π_c·recall_c / Σ π_c, over classes with test images
///
/// A score whose denominator is zero is 0, as scikit-learn has it with `zero_division=0`; a class
/// that occurs in neither the truth nor the predictions is in no average, as with its default
/// labels.
struct CountScores {
  var accuracy: Double
  var macroF1: Double
  var priorWeightedAccuracy: Double
  var f1: [Double]
  var recall: [Double]
  /// Which classes are in the truth or among the predictions.
  private let occurs: [Bool]

  init(support: [Int], truePositives: [Int], predicted: [Int], priors: [Double]) {
    let classes = support.indices
    occurs = classes.map { support[$0] + predicted[$0] > 0 }
    f1 = classes.map { c in
      let denominator = support[c] + predicted[c]
      return denominator == 0 ? 0 : 2 * Double(truePositives[c]) / Double(denominator)
    }
    recall = classes.map { c in
      support[c] == 0 ? 0 : Double(truePositives[c]) / Double(support[c])
    }
    let total = support.reduce(0, +)
    accuracy = total == 0 ? 0 : Double(truePositives.reduce(0, +)) / Double(total)
    macroF1 = 0
    var weighted = 0.0
    var mass = 0.0
    for c in classes where support[c] > 0 {
      weighted += priors[c] * recall[c]
      mass += priors[c]
    }
    priorWeightedAccuracy = mass == 0 ? accuracy : weighted / mass
    macroF1 = meanF1(of: Array(classes))
  }

  /// The mean F1 of those of these classes that occur; 0 where none does.
  func meanF1(of classes: [Int]) -> Double {
    let count = classes.count { occurs[$0] }
    return count == 0 ? 0 : classes.reduce(0) { $0 + f1[$1] } / Double(count)
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
