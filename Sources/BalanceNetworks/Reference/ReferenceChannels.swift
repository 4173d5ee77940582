import BalanceCore

/// All channels of the first map, then of the second, and so on.
struct ReferenceConcatenate: ReferenceOperation {
  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var shape = inputs[0].shape
    shape.channels = inputs.reduce(0) { $0 + $1.shape.channels }
    var out = ReferenceTensor(images: inputs[0].images, shape: shape)
    visit(inputs) { input, n, y, x, c, channel in
      out[n, y, x, channel] = inputs[input][n, y, x, c]
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var result = inputs
    visit(inputs) { input, n, y, x, c, channel in
      result[input][n, y, x, c] = gradient[n, y, x, channel]
    }
    return ReferenceGradients(inputs: result)
  }

  /// Calls `body` with input, image, place, the input's channel and the output's.
  private func visit(_ inputs: [ReferenceTensor], _ body: (Int, Int, Int, Int, Int, Int) -> Void) {
    var first = 0
    for (index, input) in inputs.enumerated() {
      for n in 0..<input.images {
        for y in 0..<input.shape.height {
          for x in 0..<input.shape.width {
            for c in 0..<input.shape.channels { body(index, n, y, x, c, first + c) }
          }
        }
      }
      first += input.shape.channels
    }
  }
}

/// y[n, h, w, c] = x[n, h, w, c] · s[n, c].
struct ReferenceScaleChannels: ReferenceOperation {
  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = inputs[0]
    for i in out.values.indices { out.values[i] *= inputs[1].values[feature(i, out.shape)] }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = gradient
    var ds = ReferenceTensor(images: inputs[1].images, shape: inputs[1].shape)
    for i in dx.values.indices {
      let s = feature(i, dx.shape)
      dx.values[i] *= inputs[1].values[s]
      ds.values[s] += gradient.values[i] * inputs[0].values[i]
    }
    return ReferenceGradients(inputs: [dx, ds])
  }

  private func feature(_ index: Int, _ shape: ImageShape) -> Int {
    index / shape.count * shape.channels + index % shape.channels
  }
}
