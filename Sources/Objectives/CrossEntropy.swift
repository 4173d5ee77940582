/// `l = −log p_y`, p = softmax(z); with class weights `Σ w_y l / Σ w_y`, as PyTorch's
/// `CrossEntropyLoss(weight:)`.
///
/// `∂(w_y l)/∂z_k = w_y (p_k − 1[k = y])`.
public struct CrossEntropy: Loss, Hashable {
  /// w, one a class; nil for 1.
  public let weights: [Double]?

  public init(weights: [Double]? = nil) { self.weights = weights }

  public var fingerprint: String {
    "cross-entropy: -log p_y, p=softmax(z); \(Objectives.fingerprint(of: weights)); "
      + "mean=sum(w_y l)/sum(w_y)"
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    weightedMean(
      logits: logits, labels: labels, classes: classes, weights: weights, gradient: gradient
    ) { row, label, scale, gradient in
      let weight = weights?[label] ?? 1
      if let gradient {
        for k in 0..<classes {
          gradient[k] = Float(scale * weight * row.probability(k))
        }
        // From the other classes' sum: p_y − 1 would cancel where p_y is near 1.
        gradient[label] = Float(-scale * weight * row.remainder(label))
      }
      return -weight * row.logProbability(label)
    }
  }

  public func totalWeight(of labels: UnsafeBufferPointer<Int32>) -> Double {
    Objectives.totalWeight(labels, weights)
  }
}
