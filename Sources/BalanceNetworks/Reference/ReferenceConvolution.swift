import BalanceCore
import BalanceTensors

/// y[n, i, j, o] = b[o] + Σ_{c, u, v} W[o, c, u, v] · x[n, i·s + d·u − p, j·s + d·v − q, c₀ + c],
/// with zeros outside the image, p rows of them above and q columns before it; c₀ is the first
/// channel of the group of filter o.
struct ReferenceConvolution: ReferenceOperation {
  private let options: Operation.Convolution

  init(_ options: Operation.Convolution) { self.options = options }

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = output(for: inputs[0])
    visit(inputs[0], out.shape) { n, i, j, o, y, x, c, w in
      out[n, i, j, o] += weights[w] * inputs[0][n, y, x, c]
    }
    if !bias.isEmpty {
      for index in out.values.indices { out.values[index] += bias[index % options.filters] }
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = ReferenceTensor(images: inputs[0].images, shape: inputs[0].shape)
    var dW = [Double](repeating: 0, count: weights.count)
    var db = [Double](repeating: 0, count: bias.count)
    visit(inputs[0], gradient.shape) { n, i, j, o, y, x, c, w in
      dx[n, y, x, c] += weights[w] * gradient[n, i, j, o]
      dW[w] += inputs[0][n, y, x, c] * gradient[n, i, j, o]
    }
    if !bias.isEmpty {
      for (index, value) in gradient.values.enumerated() { db[index % bias.count] += value }
    }
    return ReferenceGradients(inputs: [dx], weights: dW, bias: db)
  }

  private func output(for input: ReferenceTensor) -> ReferenceTensor {
    let window = options.window(over: input.shape, images: input.images)
    return ReferenceTensor(
      images: input.images,
      shape: ImageShape(
        height: window.outHeight, width: window.outWidth, channels: options.filters))
  }

  /// Calls `body` for each product of the sum: image, output place and filter, input place and
  /// channel, index of the weight.
  private func visit(
    _ input: ReferenceTensor, _ out: ImageShape,
    _ body: (Int, Int, Int, Int, Int, Int, Int, Int) -> Void
  ) {
    let (k, s, d) = (options.kernel, options.stride, options.dilation)
    let window = options.window(over: input.shape, images: input.images)
    let channels = input.shape.channels / options.groups
    let filters = options.filters / options.groups
    for n in 0..<input.images {
      for i in 0..<out.height {
        for j in 0..<out.width {
          for u in 0..<k {
            for v in 0..<k {
              let (y, x) = (i * s + d * u - window.paddingTop, j * s + d * v - window.paddingLeft)
              guard (0..<input.shape.height).contains(y), (0..<input.shape.width).contains(x)
              else { continue }
              for o in 0..<out.channels {
                for c in 0..<channels {
                  let input = o / filters * channels + c
                  body(n, i, j, o, y, x, input, ((o * channels + c) * k + u) * k + v)
                }
              }
            }
          }
        }
      }
    }
  }
}
