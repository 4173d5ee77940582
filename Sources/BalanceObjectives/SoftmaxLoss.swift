/// A loss that is a `LossKernel` with certain constants.
protocol SoftmaxLoss: Loss, Hashable {
  var kernel: LossKernel { get }
}

extension SoftmaxLoss {
  /// w, one a class; nil for 1.
  public var weights: [Double]? { kernel.weights }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    for label in labels {
      precondition(label >= 0 && label < classes, "label \(label) is not below \(classes)")
    }
    return kernel.mean(
      logits: logits, images: labels.count, classes: classes, total: totalWeight(of: labels),
      gradient: gradient
    ) { OneHotRow(label: Int(labels[$0])) }
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    precondition(targets.count == logits.count, "the targets are not [images, classes]")
    for target in targets { precondition(target >= 0, "a target is \(target)") }
    return kernel.mean(
      logits: logits, images: classes == 0 ? 0 : targets.count / classes, classes: classes,
      total: totalWeight(ofTargets: targets, classes: classes), gradient: gradient
    ) { i in
      DenseRow(
        targets: UnsafeBufferPointer(rebasing: targets[i * classes..<(i + 1) * classes]))
    }
  }

  public func totalWeight(of labels: UnsafeBufferPointer<Int32>) -> Double {
    kernel.totalWeight(labels)
  }

  public func totalWeight(ofTargets targets: UnsafeBufferPointer<Float>, classes: Int) -> Double {
    kernel.totalWeight(targets, classes: classes)
  }
}

/// How a fingerprint writes class weights and what they are divided by.
func reduction(_ weights: [Double]?) -> String {
  "w=\(weights.map(list) ?? "1"); mean=sum(w_y l)/sum(w_y)"
}

/// How a fingerprint writes one number a class.
func list(_ values: [Double]) -> String {
  "[\(values.map { "\($0)" }.joined(separator: ","))]"
}
