/// Stochastic gradient descent with momentum μ and weight decay λ, as `torch.optim.SGD` with
/// dampening 0:
///
/// `g ← g + λ p;  b ← μ b + g (b = g in the first step);  p ← p − lr · b`,
/// and with Nesterov's momentum `p ← p − lr · (g + μ b)`.
///
/// Weight decay acts on every parameter, scales and biases too.
public struct SGD: Codable, Hashable, Sendable {
  public var momentum: Float
  public var weightDecay: Float
  public var nesterov: Bool

  /// - Precondition: momentum is in 0..<1, weight decay is not negative, and Nesterov has a
  ///   momentum.
  public init(momentum: Float = 0.9, weightDecay: Float = 0, nesterov: Bool = false) {
    precondition(momentum >= 0 && momentum < 1, "momentum \(momentum) is not in 0..<1")
    precondition(weightDecay >= 0 && weightDecay.isFinite, "weight decay is \(weightDecay)")
    precondition(!nesterov || momentum > 0, "Nesterov's momentum needs a momentum")
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  /// The optimizer for these tensors, with no steps taken.
  public func optimizer(for tensors: [ParameterTensor]) -> any Optimizer {
    SGDOptimizer(self, count: tensors.reduce(0) { max($0, $1.range.upperBound) })
  }

  /// The optimizer for `count` values, with no steps taken.
  public func optimizer(count: Int) -> any Optimizer {
    SGDOptimizer(self, count: count)
  }
}
