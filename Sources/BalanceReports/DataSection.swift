import BalanceComparisons
import BalanceCore

/// What the models were trained on and asked.
struct DataSection {
  let sentence: String
  let rarest: String

  init(_ comparison: Comparison) {
    let (training, test) = (comparison.data.trainingCounts, comparison.data.testCounts)
    let order = training.counts.indices.sorted {
      (training.counts[$0], $0) < (training.counts[$1], $1)
    }
    rarest = order.prefix(5).map { c in
      "\(training.names[c]) (\(Figures.count(training.counts[c])) in training, "
        + "\(Figures.count(test.counts[c])) in test)"
    }.joined(separator: ", ")
    sentence =
      comparison.data.testSharesDiffer
      ? "The test images have other class shares than the training images, so plain accuracy on "
        + "them is not the accuracy that the data's own frequencies would give; both are in the "
        + "CSV."
      : "The test images have the class shares of the training images."
  }

  static let template = """
    <p>{{sentence}} Rarest classes: {{rarest}}.</p>
    """
}
