import BalanceCore

/// y = γ (x − μ) / √(σ² + ε) + β per channel, with the batch's mean and biased variance.
struct ReferenceBatchNorm: ReferenceOperation {
  let epsilon: Double

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = inputs[0]
    let channels = out.shape.channels
    let (normalized, _) = normalize(inputs[0])
    for i in out.values.indices {
      out.values[i] = weights[i % channels] * normalized[i] + bias[i % channels]
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    let channels = weights.count
    let (normalized, inverse) = normalize(inputs[0])
    let population = Double(gradient.values.count / channels)
    var dGamma = [Double](repeating: 0, count: channels)
    var dBeta = [Double](repeating: 0, count: channels)
    for (i, g) in gradient.values.enumerated() {
      dGamma[i % channels] += g * normalized[i]
      dBeta[i % channels] += g
    }
    var dx = gradient
    for i in dx.values.indices {
      let c = i % channels
      dx.values[i] =
        weights[c] * inverse[c]
        * (gradient.values[i] - dBeta[c] / population - normalized[i] * dGamma[c] / population)
    }
    return ReferenceGradients(inputs: [dx], weights: dGamma, bias: dBeta)
  }

  /// (x − μ) / √(σ² + ε), and 1 / √(σ² + ε) per channel.
  private func normalize(_ x: ReferenceTensor) -> ([Double], [Double]) {
    let channels = x.shape.channels
    let population = Double(x.values.count / channels)
    var mean = [Double](repeating: 0, count: channels)
    var variance = mean
    for (i, value) in x.values.enumerated() { mean[i % channels] += value / population }
    for (i, value) in x.values.enumerated() {
      let difference = value - mean[i % channels]
      variance[i % channels] += difference * difference / population
    }
    let inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
    let normalized = x.values.enumerated().map { i, value in
      (value - mean[i % channels]) * inverse[i % channels]
    }
    return (normalized, inverse)
  }
}
