import BalanceCore
import Tensors

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
    func image() throws(BalanceError) -> ImageShape {
      guard inputs.count == 1, case .image(let shape) = inputs[0] else {
        throw fail("one feature map")
      }
      return shape
    }
    switch self {
    case .convolution(let options):
      let shape = try image()
      let window = options.window(over: shape, images: 1)
      guard options.filters > 0, options.kernel > 0, options.stride > 0, options.padding >= 0,
        window.outHeight > 0, window.outWidth > 0
      else { throw fail("at least \(options.kernel) pixels a side") }
      return .image(
        ImageShape(height: window.outHeight, width: window.outWidth, channels: options.filters))
    case .pool(let options):
      let shape = try image()
      let window = options.window(over: shape, images: 1)
      guard options.kernel > 0, options.stride > 0, options.padding * 2 <= options.kernel,
        window.outHeight > 0, window.outWidth > 0
      else { throw fail("at least \(options.kernel) pixels a side") }
      return .image(
        ImageShape(height: window.outHeight, width: window.outWidth, channels: shape.channels))
    case .batchNorm: return .image(try image())
    case .relu: return .image(try image())
    case .add:
      guard inputs.count == 2, inputs[0] == inputs[1], case .image = inputs[0] else {
        throw fail("two feature maps of one shape")
      }
      return inputs[0]
    case .globalAveragePool: return .features(try image().channels)
    case .linear(let options):
      guard inputs.count == 1, case .features = inputs[0] else { throw fail("features") }
      return .features(options.outputs)
    case .subsample(let options):
      let shape = try image()
      guard options.channels >= shape.channels else {
        throw fail("at most \(options.channels) channels")
      }
      return .image(
        ImageShape(
          height: (shape.height + options.stride - 1) / options.stride,
          width: (shape.width + options.stride - 1) / options.stride, channels: options.channels))
    }
  }
}

extension Operation.Convolution {
  func window(over shape: ImageShape, images: Int) -> WindowGeometry {
    WindowGeometry(
      images: images, inChannels: shape.channels, inHeight: shape.height, inWidth: shape.width,
      outChannels: filters, kernel: kernel, stride: stride, padding: padding)
  }
}

extension Operation.Pooling {
  func window(over shape: ImageShape, images: Int) -> WindowGeometry {
    WindowGeometry(
      images: images, inChannels: shape.channels, inHeight: shape.height, inWidth: shape.width,
      outChannels: shape.channels, kernel: kernel, stride: stride, padding: padding)
  }
}
