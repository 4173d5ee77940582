import BalanceCore

/// y = x₁ + x₂.
struct ReferenceAdd: ReferenceOperation {
  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = inputs[0]
    for i in out.values.indices { out.values[i] += inputs[1].values[i] }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    ReferenceGradients(inputs: [gradient, gradient])
  }
}

/// y[n, k] = b[k] + Σ_f W[k, f] x[n, f].
struct ReferenceLinear: ReferenceOperation {
  let outputs: Int

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    let x = inputs[0]
    let features = x.shape.channels
    var out = ReferenceTensor(
      images: x.images, shape: ImageShape(height: 1, width: 1, channels: outputs))
    for n in 0..<x.images {
      for k in 0..<outputs {
        out[n, 0, 0, k] = (0..<features).reduce(bias.isEmpty ? 0 : bias[k]) {
          $0 + weights[k * features + $1] * x[n, 0, 0, $1]
        }
      }
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    let x = inputs[0]
    let features = x.shape.channels
    var dx = ReferenceTensor(images: x.images, shape: x.shape)
    var dW = [Double](repeating: 0, count: weights.count)
    var db = [Double](repeating: 0, count: bias.count)
    for n in 0..<x.images {
      for k in 0..<outputs {
        let g = gradient[n, 0, 0, k]
        if !bias.isEmpty { db[k] += g }
        for f in 0..<features {
          dx[n, 0, 0, f] += g * weights[k * features + f]
          dW[k * features + f] += g * x[n, 0, 0, f]
        }
      }
    }
    return ReferenceGradients(inputs: [dx], weights: dW, bias: db)
  }
}

/// Every stride-th pixel; of the additional channels, half before (rounded down), half after.
struct ReferenceSubsample: ReferenceOperation {
  private let options: Operation.Subsample

  init(_ options: Operation.Subsample) { self.options = options }

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    let x = inputs[0]
    let s = options.stride
    var out = ReferenceTensor(
      images: x.images,
      shape: ImageShape(
        height: (x.shape.height + s - 1) / s, width: (x.shape.width + s - 1) / s,
        channels: options.channels))
    visit(x) { n, i, j, c, k in out[n, i, j, k] = x[n, i * s, j * s, c] }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    let s = options.stride
    var dx = ReferenceTensor(images: inputs[0].images, shape: inputs[0].shape)
    visit(inputs[0]) { n, i, j, c, k in dx[n, i * s, j * s, c] = gradient[n, i, j, k] }
    return ReferenceGradients(inputs: [dx])
  }

  private func visit(_ x: ReferenceTensor, _ body: (Int, Int, Int, Int, Int) -> Void) {
    let before = (options.channels - x.shape.channels) / 2
    for n in 0..<x.images {
      for i in 0..<(x.shape.height + options.stride - 1) / options.stride {
        for j in 0..<(x.shape.width + options.stride - 1) / options.stride {
          for c in 0..<x.shape.channels { body(n, i, j, c, c + before) }
        }
      }
    }
  }
}
