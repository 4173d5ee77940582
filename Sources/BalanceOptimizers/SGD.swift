/// Stochastic gradient descent with momentum μ and weight decay λ, as `torch.optim.SGD` with
/// dampening 0:
///
/// `g ← g + λ p;  b ← μ b + g (b = g in the first step);  p ← p − lr · b`,
/// and with Nesterov's momentum `p ← p − lr · (g + μ b)`.
public struct SGD: UpdateRule {
  public var momentum: Float
  public var weightDecay: Float
  public var nesterov: Bool

  public static let name = "sgd"
  public static let memory = ["momentum_buffer"]

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

  public var fingerprint: String {
    "sgd: momentum \(momentum), weight decay \(weightDecay)" + (nesterov ? ", Nesterov" : "")
  }

  public func update(_ part: TensorPart) {
    // Locals: what the compiler needs to vectorise.
    let (p, g, b) = (part.values, part.gradients, part.first)
    let rate = Float(part.learningRate)
    let momentum = part.momentum.map { Float($0) } ?? momentum
    let decay = weightDecay * Float(part.decayFactor)
    if momentum == 0 {
      for i in 0..<p.count { p[i] -= rate * (g[i] + decay * p[i]) }
    } else if nesterov {
      for i in 0..<p.count {
        let gradient = g[i] + decay * p[i]
        let velocity = momentum * b[i] + gradient
        b[i] = velocity
        p[i] -= rate * (gradient + momentum * velocity)
      }
    } else {
      for i in 0..<p.count {
        // A buffer of 0 gives μ·0 + g = g in the first step.
        let velocity = momentum * b[i] + (g[i] + decay * p[i])
        b[i] = velocity
        p[i] -= rate * velocity
      }
    }
  }
}
