/// Adam with weight decay λ added to the gradient, as `torch.optim.Adam`:
///
/// `g ← g + λ p;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;`
/// `p ← p − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)` in the tensor's t-th step.
///
/// Source: Kingma and Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1.
public struct Adam: UpdateRule {
  public var constants: AdamConstants
  public var weightDecay: Double

  public static let name = "adam"
  public static let memory = ["exp_avg", "exp_avg_sq"]

  /// - Precondition: weight decay is not negative.
  public init(_ constants: AdamConstants = AdamConstants(), weightDecay: Double = 0) {
    precondition(weightDecay >= 0 && weightDecay.isFinite, "weight decay is \(weightDecay)")
    self.constants = constants
    self.weightDecay = weightDecay
  }

  public var fingerprint: String {
    "adam: \(constants.fingerprint), weight decay \(weightDecay) in the gradient"
  }

  public func update(_ part: TensorPart) {
    Self.update(
      part, constants.factors(part), decay: Float(weightDecay * part.decayFactor), shrink: 1)
  }

  /// - Parameters:
  ///   - decay: factor of the values that is added to the gradient.
  ///   - shrink: factor of the values before the step.
  static func update(
    _ part: TensorPart, _ factors: AdamConstants.Factors, decay: Float, shrink: Float
  ) {
    let (p, g, m, v) = (part.values, part.gradients, part.first, part.second)
    for i in 0..<p.count {
      let gradient = g[i] + decay * p[i]
      let mean = factors.keep1 * m[i] + factors.take1 * gradient
      let square = factors.keep2 * v[i] + factors.take2 * (gradient * gradient)
      m[i] = mean
      v[i] = square
      p[i] =
        shrink * p[i] - factors.size
        * (mean / (square.squareRoot() / factors.root + factors.epsilon))
    }
  }
}

/// Adam with decoupled weight decay, as `torch.optim.AdamW`: `p ← (1 − lr λ) p`, then Adam's step
/// of the plain gradient.
///
/// Source: Loshchilov and Hutter, *Decoupled weight decay regularization*, ICLR 2019.
public struct AdamW: UpdateRule {
  public var constants: AdamConstants
  public var weightDecay: Double

  public static let name = "adamw"
  public static let memory = Adam.memory

  /// - Precondition: weight decay is not negative.
  public init(_ constants: AdamConstants = AdamConstants(), weightDecay: Double = 0) {
    precondition(weightDecay >= 0 && weightDecay.isFinite, "weight decay is \(weightDecay)")
    self.constants = constants
    self.weightDecay = weightDecay
  }

  public var fingerprint: String {
    "adamw: \(constants.fingerprint), decoupled weight decay \(weightDecay)"
  }

  public func update(_ part: TensorPart) {
    Adam.update(
      part, constants.factors(part), decay: 0,
      shrink: Float(1 - part.learningRate * weightDecay * part.decayFactor))
  }
}
