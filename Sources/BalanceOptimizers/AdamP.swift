import Foundation

/// Adam without the part of the step that only grows the weights, as the package `adamp` computes
/// it.
///
/// With Adam's m and v, `u = m / (√v / √(1 − β₂ᵗ) + ε)` (Nesterov: `(β₁ m + (1 − β₁) g)` for m).
/// A tensor of two dimensions or more is looked at in two views, first as a row for each output
/// channel, then as a single row of all n values. In the first view whose rows all have
/// `|cos(g, p)| < δ / √n`, n the length of a row, each row loses its radial part,
/// `u ← u − p̂ ⟨p̂, u⟩` with `p̂ = p / (‖p‖ + ε)`, and the weight decay of the tensor is multiplied
/// by the decay ratio. Then `p ← (1 − lr λ) p − lr / (1 − β₁ᵗ) · u`.
///
/// The cosine is that of the raw gradient and of the values before the decay; a row of zeros has
/// cosine 0. Vectors (biases, scales) are never projected.
///
/// Source: Heo et al., *AdamP: slowing down the slowdown for momentum optimizers on scale-invariant
/// weights*, ICLR 2021, algorithm 2.
public struct AdamP: UpdateRule {
  public var constants: AdamConstants
  public var weightDecay: Double
  /// δ: how near to a right angle gradient and weights must be for a projection.
  public var delta: Double
  /// Factor of the weight decay of projected tensors.
  public var decayRatio: Double
  public var nesterov: Bool

  public static let name = "adamp"
  public static let memory = Adam.memory
  public static let needsWholeTensors = true

  /// - Precondition: nothing is negative.
  public init(
    _ constants: AdamConstants = AdamConstants(), weightDecay: Double = 0, delta: Double = 0.1,
    decayRatio: Double = 0.1, nesterov: Bool = false
  ) {
    precondition(weightDecay >= 0 && weightDecay.isFinite, "weight decay is \(weightDecay)")
    precondition(delta >= 0 && decayRatio >= 0, "δ is \(delta), the decay ratio \(decayRatio)")
    self.constants = constants
    self.weightDecay = weightDecay
    self.delta = delta
    self.decayRatio = decayRatio
    self.nesterov = nesterov
  }

  public var fingerprint: String {
    "adamp: \(constants.fingerprint), delta \(delta), weight decay \(weightDecay), "
      + "\(decayRatio) of it where projected" + (nesterov ? ", Nesterov" : "")
  }

  public func update(_ part: TensorPart) {
    let factors = constants.factors(part)
    let view = projectedRow(part)
    let decay = weightDecay * part.decayFactor * (view == nil ? 1 : decayRatio)
    let shrink = Float(1 - part.learningRate * decay)
    let (g, m, v) = (part.gradients, part.first, part.second)
    for i in 0..<g.count {
      m[i] = factors.keep1 * m[i] + factors.take1 * g[i]
      v[i] = factors.keep2 * v[i] + factors.take2 * (g[i] * g[i])
    }
    // Without a view the row is the whole tensor and nothing is taken from it.
    let row = max(view ?? part.values.count, 1)
    for start in stride(from: 0, to: part.values.count, by: row) {
      let range = start..<start + row
      let radial = view == nil ? 0 : radialFactor(part, range, factors)
      move(part, range, factors, shrink: shrink, radial: radial)
    }
  }

  /// The length of the rows to project: nil for none.
  private func projectedRow(_ part: TensorPart) -> Int? {
    let count = part.values.count
    guard part.shape.count > 1, count > 0 else { return nil }
    for row in [count / part.shape[0], count] where isOrthogonal(part, row: row) { return row }
    return nil
  }

  /// Whether every row's |cos(g, p)| is below δ / √row.
  private func isOrthogonal(_ part: TensorPart, row: Int) -> Bool {
    let limit = delta / Double(row).squareRoot()
    let (p, g) = (part.values, part.gradients)
    for start in stride(from: 0, to: p.count, by: row) {
      var (product, values, gradients) = (0.0, 0.0, 0.0)
      for i in start..<start + row {
        let (a, b) = (Double(p[i]), Double(g[i]))
        product += a * b
        values += a * a
        gradients += b * b
      }
      let norms =
        max(values.squareRoot(), constants.epsilon) * max(gradients.squareRoot(), constants.epsilon)
      // Written so that a cosine that is not a number projects nothing.
      if !(abs(product / norms) < limit) { return false }
    }
    return true
  }

  /// ⟨p̂, u⟩ / (‖p‖ + ε): what a row's values are multiplied by to give the radial part of u.
  private func radialFactor(
    _ part: TensorPart, _ range: Range<Int>, _ factors: AdamConstants.Factors
  ) -> Float {
    var (product, values) = (0.0, 0.0)
    for i in range {
      let p = Double(part.values[i])
      product += p * Double(perturbation(part, i, factors))
      values += p * p
    }
    let norm = values.squareRoot() + constants.epsilon
    return Float(product / (norm * norm))
  }

  private func move(
    _ part: TensorPart, _ range: Range<Int>, _ factors: AdamConstants.Factors, shrink: Float,
    radial: Float
  ) {
    let p = part.values
    for i in range {
      let u = perturbation(part, i, factors) - radial * p[i]
      p[i] = shrink * p[i] - factors.size * u
    }
  }

  /// u before the projection, of moments that are up to date.
  @inline(__always)
  private func perturbation(_ part: TensorPart, _ i: Int, _ factors: AdamConstants.Factors) -> Float
  {
    let mean =
      nesterov
      ? factors.keep1 * part.first[i] + factors.take1 * part.gradients[i] : part.first[i]
    return mean / (part.second[i].squareRoot() / factors.root + factors.epsilon)
  }
}
