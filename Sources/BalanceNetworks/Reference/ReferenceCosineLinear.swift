import BalanceCore

/// y[n, k] = s · Σ_f Ŵ[k, f] x̂[n, f], where the hat divides a row by its length (at least ε).
struct ReferenceCosineLinear: ReferenceOperation {
  private let options: Operation.CosineLinear
  private let linear: ReferenceLinear

  init(_ options: Operation.CosineLinear) {
    self.options = options
    linear = ReferenceLinear(outputs: options.outputs)
  }

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var x = inputs[0]
    let features = x.shape.channels
    x.values = unit(x.values, features)
    var out = linear.forward([x], weights: unit(weights, features), bias: [])
    for i in out.values.indices { out.values[i] *= options.scale }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var x = inputs[0]
    let features = x.shape.channels
    x.values = unit(x.values, features)
    var scaled = gradient
    for i in scaled.values.indices { scaled.values[i] *= options.scale }
    var back = linear.backward([x], scaled, weights: unit(weights, features), bias: [])
    back.inputs[0].values = through(back.inputs[0].values, inputs[0].values, features)
    back.weights = through(back.weights, weights, features)
    return back
  }

  private func length(_ values: [Double], _ row: Int, _ features: Int) -> Double {
    values[row * features..<(row + 1) * features].reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func unit(_ values: [Double], _ features: Int) -> [Double] {
    values.indices.map {
      values[$0] / max(length(values, $0 / features, features), Operation.CosineLinear.epsilon)
    }
  }

  /// The gradient of v from that of v / max(|v|, ε).
  private func through(_ gradient: [Double], _ values: [Double], _ features: Int) -> [Double] {
    var result = gradient
    for row in 0..<values.count / features {
      let length = length(values, row, features)
      let range = row * features..<(row + 1) * features
      let along =
        length < Operation.CosineLinear.epsilon
        ? 0 : range.reduce(0) { $0 + gradient[$1] * values[$1] } / (length * length)
      for i in range {
        result[i] =
          (gradient[i] - values[i] * along) / max(length, Operation.CosineLinear.epsilon)
      }
    }
    return result
  }
}
