import BalanceCore

/// How large the parts of a network may be, so that no product of sizes that its computation forms
/// overflows: a network may come from a file.
enum SizeLimit {
  /// Of a height, a width, a number of channels or features, and of whatever a layer names.
  private static let side = 1 << 20
  /// Of a feature map, and of all parameters together.
  private static let values = 0x1p34

  static let rule = "sides and channels go from 1 to 2^20, maps and parameters up to 2^34 values"

  static func allows(_ shape: ImageShape) -> Bool {
    let sides = [shape.height, shape.width, shape.channels]
    return sides.allSatisfy { (1...side).contains($0) }
      && sides.reduce(1) { $0 * Double($1) } <= values
  }

  /// Whether a layer names no size beyond reason.
  static func allows(_ node: Network.Node) -> Bool {
    (node.operation.sizes + [node.stage]).allSatisfy { (0...side).contains($0) }
  }

  /// - Parameter shapes: of the network's values, each within the limits.
  static func allowsParameters(of nodes: [Network.Node], _ shapes: [ValueShape]) -> Bool {
    nodes.reduce(0) { $0 + $1.operation.weightCount(reading: shapes[$1.inputs[0]].image) }
      <= values
  }
}

extension WindowPadding {
  /// Those that are given.
  fileprivate var pixels: Int { if case .around(let pixels) = self { pixels } else { 0 } }
}

extension Operation {
  /// The whole numbers that it is made of.
  fileprivate var sizes: [Int] {
    switch self {
    case .convolution(let options):
      [
        options.filters, options.kernel, options.stride, options.padding.pixels,
        options.dilation, options.groups,
      ]
    case .pool(let options): [options.kernel, options.stride, options.padding]
    case .linear(let options): [options.outputs]
    case .cosineLinear(let options): [options.outputs]
    case .subsample(let options): [options.stride, options.channels]
    case .batchNorm, .activation, .add, .globalAveragePool, .concatenate, .scaleChannels, .dropout,
      .stochasticDepth:
      []
    }
  }

  /// How many weights it has, as a number that cannot overflow.
  fileprivate func weightCount(reading input: ImageShape) -> Double {
    switch self {
    case .convolution(let options):
      Double(options.filters) * Double(input.channels / options.groups)
        * Double(options.kernel) * Double(options.kernel)
    case .linear(let options): Double(options.outputs) * Double(input.channels)
    case .cosineLinear(let options): Double(options.outputs) * Double(input.channels)
    case .batchNorm: Double(input.channels)
    case .activation, .add, .pool, .globalAveragePool, .concatenate, .scaleChannels, .dropout,
      .stochasticDepth, .subsample:
      0
    }
  }
}
