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

  /// Σ w_y, N without weights.
  func totalWeight(_ labels: UnsafeBufferPointer<Int32>) -> Double {
    guard let weights else { return Double(labels.count) }
    return labels.reduce(0) { $0 + weights[Int($1)] }
  }

  /// Σ_i Σ_k q_ik w_k.
  func totalWeight(_ targets: UnsafeBufferPointer<Float>, classes: Int) -> Double {
    var total = 0.0
    for i in targets.indices { total += Double(targets[i]) * (weights?[i % classes] ?? 1) }
    return total
  }
}
