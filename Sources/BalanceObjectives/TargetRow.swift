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

/// A row of probabilities.
struct DenseRow: TargetRow {
  let targets: UnsafeBufferPointer<Float>

  subscript(_ k: Int) -> Double { Double(targets[k]) }

  func visit(_ body: (Int, Double) -> Void) {
    for k in targets.indices where targets[k] != 0 { body(k, Double(targets[k])) }
  }
}
