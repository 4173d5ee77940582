/// Cross-entropy with the target `q = (1 − ε) 1_y + ε / K`: `l = −Σ_k q_k log p_k`.
///
/// With class weights each term is weighted by its own class, as PyTorch does:
/// `Σ_i Σ_k −w_k q_ik log p_ik / Σ_i w_{y_i}`. ε = 0 is cross-entropy.
///
/// `∂(…)/∂z_k = p_k Σ_j w_j q_j − w_k q_k`.
///
/// Source: Szegedy et al., *Rethinking the Inception architecture*, CVPR 2016, section 7.
public struct LabelSmoothing: Loss, Hashable {
  public let epsilon: Double
  /// w, one a class; nil for 1.
  public let weights: [Double]?

  /// - Precondition: ε is in 0...1.
  public init(epsilon: Double = 0.1, weights: [Double]? = nil) {
    precondition(epsilon >= 0 && epsilon <= 1, "label smoothing needs 0 <= eps <= 1: \(epsilon)")
    self.epsilon = epsilon
    self.weights = weights
  }

  public var fingerprint: String {
    "label-smoothing: -sum_k w_k q_k log p_k, q=(1-\(epsilon)) 1_y + \(epsilon)/K, p=softmax(z); "
      + "\(Objectives.fingerprint(of: weights)); mean=sum(l)/sum(w_y)"
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    let share = epsilon / Double(classes)
    let spread = share * (weights?.reduce(0, +) ?? Double(classes))
    return weightedMean(
      logits: logits, labels: labels, classes: classes, weights: weights, gradient: gradient
    ) { row, label, scale, gradient in
      let target = (1 - epsilon) * (weights?[label] ?? 1)
      var loss = -target * row.logProbability(label)
      for k in 0..<classes { loss -= share * (weights?[k] ?? 1) * row.logProbability(k) }
      if let gradient {
        for k in 0..<classes {
          let wanted = share * (weights?[k] ?? 1) + (k == label ? target : 0)
          gradient[k] = Float(scale * (row.probability(k) * (target + spread) - wanted))
        }
      }
      return loss
    }
  }

  public func totalWeight(of labels: UnsafeBufferPointer<Int32>) -> Double {
    Objectives.totalWeight(labels, weights)
  }
}
