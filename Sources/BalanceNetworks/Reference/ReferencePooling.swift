import BalanceCore
import BalanceTensors

/// The maximum (padding never wins; the first of equals does) or the mean (padding counts as zero
/// and in the divisor) over square windows.
struct ReferencePooling: ReferenceOperation {
  private let options: Operation.Pooling

  init(_ options: Operation.Pooling) { self.options = options }

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = output(for: inputs[0])
    visit(inputs[0], out.shape) { n, i, j, c, places in
      out[n, i, j, c] =
        options.kind == .maximum
        ? places.map { inputs[0][n, $0.0, $0.1, c] }.max() ?? 0
        : places.reduce(0) { $0 + inputs[0][n, $1.0, $1.1, c] } / divisor
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = ReferenceTensor(images: inputs[0].images, shape: inputs[0].shape)
    visit(inputs[0], gradient.shape) { n, i, j, c, places in
      let g = gradient[n, i, j, c]
      if options.kind == .average {
        for (y, x) in places { dx[n, y, x, c] += g / divisor }
        return
      }
      guard var winner = places.first else { return }
      for place in places
      where inputs[0][n, place.0, place.1, c] > inputs[0][n, winner.0, winner.1, c] {
        winner = place
      }
      dx[n, winner.0, winner.1, c] += g
    }
    return ReferenceGradients(inputs: [dx])
  }

  private var divisor: Double { Double(options.kernel * options.kernel) }

  private func output(for input: ReferenceTensor) -> ReferenceTensor {
    let window = options.window(over: input.shape, images: input.images)
    return ReferenceTensor(
      images: input.images,
      shape: ImageShape(
        height: window.outHeight, width: window.outWidth, channels: input.shape.channels))
  }

  /// Calls `body` for each window with the places inside the image.
  private func visit(
    _ input: ReferenceTensor, _ out: ImageShape,
    _ body: (Int, Int, Int, Int, [(Int, Int)]) -> Void
  ) {
    let (k, s, p) = (options.kernel, options.stride, options.padding)
    for n in 0..<input.images {
      for i in 0..<out.height {
        for j in 0..<out.width {
          let rows = (0..<k).map { i * s + $0 - p }.filter((0..<input.shape.height).contains)
          let columns = (0..<k).map { j * s + $0 - p }.filter((0..<input.shape.width).contains)
          let places = rows.flatMap { row in columns.map { (row, $0) } }
          for c in 0..<out.channels { body(n, i, j, c, places) }
        }
      }
    }
  }
}

/// The mean over height and width.
struct ReferenceGlobalAverage: ReferenceOperation {
  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    let x = inputs[0]
    let channels = x.shape.channels
    var out = ReferenceTensor(
      images: x.images, shape: ImageShape(height: 1, width: 1, channels: channels))
    for (i, value) in x.values.enumerated() {
      out.values[i / x.shape.count * channels + i % channels] += value / Double(x.shape.plane)
    }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = inputs[0]
    let channels = dx.shape.channels
    for i in dx.values.indices {
      dx.values[i] =
        gradient.values[i / dx.shape.count * channels + i % channels] / Double(dx.shape.plane)
    }
    return ReferenceGradients(inputs: [dx])
  }
}
