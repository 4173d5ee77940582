import BalanceCore

/// y = γ (x − μ) / √(σ² + ε) + β per channel, with μ and σ² given: constants, so that
/// dx = γ / √(σ² + ε) · dy.
struct ReferenceFrozenBatchNorm: ReferenceOperation {
  let epsilon: Double
  let mean: [Double]
  let variance: [Double]

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = inputs[0]
    for i in out.values.indices {
      let c = i % out.shape.channels
      out.values[i] = scale(c, weights) * (out.values[i] - mean[c]) + bias[c]
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = gradient
    for i in dx.values.indices { dx.values[i] *= scale(i % dx.shape.channels, weights) }
    return ReferenceGradients(inputs: [dx])
  }

  private func scale(_ c: Int, _ gamma: [Double]) -> Double {
    gamma[c] / (variance[c] + epsilon).squareRoot()
  }
}
