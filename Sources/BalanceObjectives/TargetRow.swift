import BalanceCore

/// What one image is to be: q_k for each class.
protocol TargetRow {
  subscript(_ k: Int) -> Double { get }
  /// Every class with q_k ≠ 0, in ascending order.
  func visit(_ body: (_ k: Int, _ target: Double) -> Void)
}

/// A label: q_y = 1.
struct OneHotRow: TargetRow {
  let label: Int

  subscript(_ k: Int) -> Double { k == label ? 1 : 0 }

  func visit(_ body: (Int, Double) -> Void) { body(label, 1) }
}

/// λ of one label and 1 − λ of another, or of the same.
struct MixedRow: TargetRow {
  let label: Int
  let partner: Int
  let share: Double

  init(_ mixtures: BatchTargets.Mixtures, image: Int) {
    label = Int(mixtures.labels[image])
    partner = Int(mixtures.partners[image])
    share = Double(mixtures.shares[image])
  }

  subscript(_ k: Int) -> Double { (k == label ? share : 0) + (k == partner ? 1 - share : 0) }

  func visit(_ body: (Int, Double) -> Void) {
    let (first, last) = (min(label, partner), max(label, partner))
    if self[first] != 0 { body(first, self[first]) }
    if last != first, self[last] != 0 { body(last, self[last]) }
  }
}

/// A row of probabilities.
struct DenseRow: TargetRow {
  let targets: UnsafeBufferPointer<Float>

  subscript(_ k: Int) -> Double { Double(targets[k]) }

  func visit(_ body: (Int, Double) -> Void) {
    for k in targets.indices where targets[k] != 0 { body(k, Double(targets[k])) }
  }
}
