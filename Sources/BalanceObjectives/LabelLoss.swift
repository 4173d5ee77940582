public import BalanceCore

/// A loss that is given by what it is for each label; targets that are mixtures, class weights and
/// the mean are done for it. The way to write a loss of one's own.
public protocol LabelLoss: Loss {
  /// w, one a class; nil for 1.
  var weights: [Double]? { get }

  /// l_k of one image for the label k.
  ///
  /// - Parameters:
  ///   - logits: `[K]`.
  ///   - image: its number in the batch.
  ///   - scale: what the gradient is multiplied by.
  ///   - gradient: `[K]`, to which `scale` · ∂l_k/∂logits is added; nil where none is wanted.
  func term(
    _ logits: UnsafeBufferPointer<Float>, label: Int, image: Int, scale: Double,
    gradient: UnsafeMutableBufferPointer<Double>?
  ) -> Double
}

extension LabelLoss {
  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: BatchTargets, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    targets.check(classes: classes)
    precondition(
      logits.count == targets.count * classes,
      "\(logits.count) logits for \(targets.count) images of \(classes) classes")
    precondition(
      gradient == nil || gradient?.count == logits.count, "the gradient is not [images, classes]")
    let total = totalWeight(of: targets)
    guard total > 0 else {
      gradient?.update(repeating: 0)
      return 0
    }
    var sum = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: classes) { slopes in
      for image in 0..<targets.count {
        let range = image * classes..<(image + 1) * classes
        slopes.update(repeating: 0)
        targets.visit(image) { label, target in
          let share = target * (weights?[label] ?? 1)
          guard share != 0 else { return }
          sum +=
            share
            * term(
              UnsafeBufferPointer(rebasing: logits[range]), label: label, image: image,
              scale: share / total, gradient: gradient == nil ? nil : slopes)
        }
        guard let gradient else { continue }
        for (i, slope) in zip(range, slopes) { gradient[i] = Float(slope) }
      }
    }
    return sum / total
  }

  public func totalWeight(of targets: BatchTargets) -> Double {
    LossKernel(weights: weights).totalWeight(targets)
  }
}

/// A loss some of whose factors follow from the logits and count as constants in its gradient.
package protocol HeldLoss: Loss {
  /// The loss whose factors stay those of these logits, `[N, K]`, for N images: at these logits its
  /// gradient is the loss's.
  func held(at logits: UnsafeBufferPointer<Float>, classes: Int) -> any Loss
}
