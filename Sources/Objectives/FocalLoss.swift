import Foundation

/// `l = −(1 − p_y)^γ log p_y`, p = softmax(z); with class weights α `Σ α_y l / Σ α_y`.
///
/// p_y is the softmax probability itself: the weights multiply the loss and do not enter p_y, and
/// there is no α unless weights are given. γ = 0 is weighted cross-entropy.
///
/// `∂(α_y l)/∂z_k = α_y g (p_k − 1[k = y])`,
/// `g = (1−p_y)^γ − γ p_y (1−p_y)^(γ−1) log p_y`.
///
/// Source: Lin et al., *Focal loss for dense object detection*, ICCV 2017, for softmax.
public struct FocalLoss: Loss, Hashable {
  public let gamma: Double
  /// α, one a class; nil for 1.
  public let weights: [Double]?

  /// - Precondition: γ is finite and not negative.
  public init(gamma: Double = 2, weights: [Double]? = nil) {
    precondition(gamma >= 0 && gamma.isFinite, "focal loss needs gamma >= 0, not \(gamma)")
    self.gamma = gamma
    self.weights = weights
  }

  public var fingerprint: String {
    "focal: -(1-p_y)^\(gamma) log p_y, p=softmax(z), unweighted p_y; "
      + "\(Objectives.fingerprint(of: weights)); mean=sum(w_y l)/sum(w_y)"
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    weightedMean(
      logits: logits, labels: labels, classes: classes, weights: weights, gradient: gradient
    ) { row, label, scale, gradient in
      let weight = weights?[label] ?? 1
      let rest = row.remainder(label)
      // Near p_y = 1 the logarithm of the remainder has the digits that log p_y has lost.
      let negativeLog = rest < 0.5 ? -log1p(-rest) : -row.logProbability(label)
      let power = pow(rest, gamma)
      if let gradient {
        // (1−p)^(γ−1) log p as (1−p)^γ · (log p / (1−p)), whose limit at p = 1 is −1: finite for
        // γ < 1 too.
        let slope = rest > 0 ? negativeLog / rest : 1
        let g = power + gamma * row.probability(label) * power * slope
        for k in 0..<classes {
          gradient[k] = Float(scale * weight * g * row.probability(k))
        }
        gradient[label] = Float(-scale * weight * g * rest)
      }
      return weight * power * negativeLog
    }
  }

  public func totalWeight(of labels: UnsafeBufferPointer<Int32>) -> Double {
    Objectives.totalWeight(labels, weights)
  }
}
