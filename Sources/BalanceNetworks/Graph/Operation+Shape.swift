package import BalanceCore
import BalanceTensors

extension Operation {
  /// The shape that this operation makes of its inputs' shapes.
  ///
  /// - Throws: `BalanceError` naming `name`, what it needs and what it was given.
  func outputShape(of inputs: [ValueShape], name: String) throws(BalanceError) -> ValueShape {
    func fail(_ need: String) -> BalanceError {
      let given = inputs.map(\.description).joined(separator: " and ")
      return BalanceError(
        .usage, "layer '\(name)' needs \(need), but is given \(given)",
        remedy: "use a larger image size or another model")
    }
    func refuse(_ what: String) -> BalanceError {
      BalanceError(.usage, "layer '\(name)' \(what)")
    }
    func one() throws(BalanceError) -> ValueShape {
      guard inputs.count == 1 else { throw fail("one value") }
      return inputs[0]
    }
    func image() throws(BalanceError) -> ImageShape {
      guard inputs.count == 1, case .image(let shape) = inputs[0] else {
        throw fail("one feature map")
      }
      return shape
    }
    switch self {
    case .convolution(let options):
      let shape = try image()
      let span = options.dilation * (options.kernel - 1) + 1
      guard options.filters > 0, options.kernel > 0, options.stride > 0, options.dilation > 0,
        options.padding.makesRoom(for: span, in: shape)
      else { throw fail("at least \(span) pixels a side") }
      let window = options.window(over: shape, images: 1)
      guard options.groups > 0, shape.channels % options.groups == 0,
        options.filters % options.groups == 0
      else {
        throw refuse(
          "has \(options.groups) groups, which do not divide \(shape.channels) channels and "
            + "\(options.filters) filters")
      }
      return .image(
        ImageShape(height: window.outHeight, width: window.outWidth, channels: options.filters))
    case .pool(let options):
      let shape = try image()
      let window = options.window(over: shape, images: 1)
      guard options.kernel > 0, options.stride > 0, options.padding >= 0,
        options.padding * 2 <= options.kernel,
        options.kernel <= shape.height + 2 * options.padding,
        options.kernel <= shape.width + 2 * options.padding
      else { throw fail("at least \(options.kernel) pixels a side") }
      return .image(
        ImageShape(height: window.outHeight, width: window.outWidth, channels: shape.channels))
    case .batchNorm: return .image(try image())
    case .activation: return try one()
    case .dropout(let rate), .stochasticDepth(let rate):
      guard (0..<1).contains(rate) else {
        throw refuse("has the rate \(rate), which is not from 0 to less than 1")
      }
      return try one()
    case .concatenate:
      guard case .image(var shape) = inputs.first else { throw fail("feature maps") }
      for other in inputs.dropFirst() {
        guard case .image(let map) = other, map.height == shape.height, map.width == shape.width
        else { throw fail("feature maps of one height and width") }
        shape.channels += map.channels
      }
      return .image(shape)
    case .scaleChannels:
      guard inputs.count == 2, case .image(let shape) = inputs[0],
        inputs[1] == .features(shape.channels)
      else { throw fail("a feature map and as many features as it has channels") }
      return .image(shape)
    case .add:
      guard inputs.count == 2, inputs[0] == inputs[1], case .image = inputs[0] else {
        throw fail("two feature maps of one shape")
      }
      return inputs[0]
    case .globalAveragePool: return .features(try image().channels)
    case .linear(let options):
      guard inputs.count == 1, case .features = inputs[0] else { throw fail("features") }
      guard options.outputs > 0 else { throw refuse("has \(options.outputs) outputs") }
      return .features(options.outputs)
    case .cosineLinear(let options):
      guard inputs.count == 1, case .features = inputs[0] else { throw fail("features") }
      guard options.outputs > 0 else { throw refuse("has \(options.outputs) outputs") }
      guard options.scale > 0, options.scale.isFinite else {
        throw refuse("has the scale \(options.scale), which is not above 0")
      }
      return .features(options.outputs)
    case .subsample(let options):
      let shape = try image()
      guard options.channels >= shape.channels else {
        throw fail("at most \(options.channels) channels")
      }
      guard options.stride > 0 else { throw refuse("has the stride \(options.stride)") }
      return .image(
        ImageShape(
          height: (shape.height + options.stride - 1) / options.stride,
          width: (shape.width + options.stride - 1) / options.stride, channels: options.channels))
    }
  }
}

extension Operation.Convolution {
  /// The zeros above, before, below and behind a map, as ONNX wants them.
  package func pads(over shape: ImageShape) -> [Int] {
    switch padding {
    case .around(let pixels): return [Int](repeating: pixels, count: 4)
    case .same:
      let window = window(over: shape, images: 1)
      return [window.paddingTop, window.paddingLeft, window.paddingBottom, window.paddingRight]
        .map { max($0, 0) }
    }
  }

  func window(over shape: ImageShape, images: Int) -> WindowGeometry {
    WindowGeometry(
      images: images, inChannels: shape.channels, inHeight: shape.height, inWidth: shape.width,
      outChannels: filters, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups)
  }
}

extension Operation.Pooling {
  func window(over shape: ImageShape, images: Int) -> WindowGeometry {
    WindowGeometry(
      images: images, inChannels: shape.channels, inHeight: shape.height, inWidth: shape.width,
      outChannels: shape.channels, kernel: kernel, stride: stride, padding: .around(padding))
  }
}

extension WindowPadding {
  /// Whether a window of so many pixels a side fits into a map with its padding.
  fileprivate func makesRoom(for span: Int, in shape: ImageShape) -> Bool {
    switch self {
    case .around(let pixels): pixels >= 0 && span <= min(shape.height, shape.width) + 2 * pixels
    case .same: true
    }
  }
}
