import BalanceCore

/// A loss that is a `LossKernel` with certain constants.
protocol SoftmaxLoss: Loss, Hashable {
  var kernel: LossKernel { get }
}

extension SoftmaxLoss {
  /// w, one a class; nil for 1.
  public var weights: [Double]? { kernel.weights }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: BatchTargets, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    targets.check(classes: classes)
    func mean<Target: TargetRow>(_ target: (_ image: Int) -> Target) -> Double {
      kernel.mean(
        logits: logits, images: targets.count, classes: classes, total: totalWeight(of: targets),
        gradient: gradient, target: target)
    }
    switch targets {
    case .labels(let labels): return mean { OneHotRow(label: Int(labels[$0])) }
    case .mixtures(let mixtures): return mean { MixedRow(mixtures, image: $0) }
    case .probabilities(let rows, _):
      return mean { i in
        DenseRow(targets: UnsafeBufferPointer(rebasing: rows[i * classes..<(i + 1) * classes]))
      }
    }
  }

  public func totalWeight(of targets: BatchTargets) -> Double { kernel.totalWeight(targets) }
}

/// How a fingerprint writes class weights and what they are divided by.
func reduction(_ weights: [Double]?) -> String {
  "w=\(weights.map(list) ?? "1"); mean=sum(w_y l)/sum(w_y)"
}

/// How a fingerprint writes one number a class.
func list(_ values: [Double]) -> String {
  "[\(values.map { "\($0)" }.joined(separator: ","))]"
}
