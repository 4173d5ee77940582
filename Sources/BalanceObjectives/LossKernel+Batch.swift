import BalanceCore

extension LossKernel {
  /// Σ_i row_i / Σ_i weight_i over the rows of a batch.
  func mean<Target: TargetRow>(
    logits: UnsafeBufferPointer<Float>, images: Int, classes: Int, total: Double,
    gradient: UnsafeMutableBufferPointer<Float>?, target: (_ image: Int) -> Target
  ) -> Double {
    precondition(
      logits.count == images * classes,
      "\(logits.count) logits for \(images) images of \(classes) classes")
    precondition(
      gradient == nil || gradient?.count == logits.count, "the gradient is not [images, classes]")
    for (constants, name) in [
      (weights, "weights"), (scales, "scales"), (offsets, "offsets"), (margins, "margins"),
    ] {
      precondition(
        constants == nil || constants?.count == classes,
        "\(constants?.count ?? 0) class \(name) for \(classes) classes")
    }
    guard total > 0 else {
      gradient?.update(repeating: 0)
      return 0
    }
    var sum = 0.0
    for i in 0..<images {
      let range = i * classes..<(i + 1) * classes
      sum += evaluate(
        UnsafeBufferPointer(rebasing: logits[range]), target(i), scale: 1 / total,
        gradient: gradient.map { UnsafeMutableBufferPointer(rebasing: $0[range]) })
    }
    return sum / total
  }

  /// Σ_i Σ_k q_ik w_k; N for labels without weights.
  func totalWeight(_ targets: BatchTargets) -> Double {
    switch targets {
    case .labels(let labels):
      guard let weights else { return Double(labels.count) }
      return labels.reduce(0) { $0 + weights[Int($1)] }
    case .mixtures(let mixtures):
      guard let weights else { return Double(mixtures.labels.count) }
      var total = 0.0
      for i in mixtures.labels.indices {
        MixedRow(mixtures, image: i).visit { total += $1 * weights[$0] }
      }
      return total
    case .probabilities(let rows, let classes):
      var total = 0.0
      for i in rows.indices { total += Double(rows[i]) * (weights?[i % classes] ?? 1) }
      return total
    }
  }
}
