import BalanceCore
import Foundation

/// The class counts of an exponentially long-tailed training set:
/// n_c = int(N_max · μ^(c / (C − 1))), with μ = 1 / IR, for c = 0 … C − 1.
///
/// `int` truncates, as in the experiments that made the CIFAR-10-LT lists; a class may get 0
/// images when `maximum` < `imbalanceRatio`. One class gets `maximum`; none gives an empty list.
///
/// Source: Cao et al., *Learning imbalanced datasets with label-distribution-aware margin loss*,
/// NeurIPS 2019, section 4.
///
/// - Precondition: `maximum` ≥ 0, `classes` ≥ 0 and `imbalanceRatio` ≥ 1 and finite.
public func longTailCounts(maximum: Int, classes: Int, imbalanceRatio: Double) -> [Int] {
  precondition(maximum >= 0 && classes >= 0, "\(maximum) images, \(classes) classes")
  precondition(
    imbalanceRatio >= 1 && imbalanceRatio.isFinite, "an imbalance ratio of \(imbalanceRatio)")
  guard classes > 1 else { return [Int](repeating: maximum, count: classes) }
  return (0..<classes).map { c in
    Int(saturating: Double(maximum) * pow(1 / imbalanceRatio, Double(c) / Double(classes - 1)))
  }
}
