import BalanceCore
import BalanceNetworks
import Testing

/// One network for each operation and for each way in which operations meet. A new operation gets
/// all of its tests from a line here.
struct OperationCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let input: ImageShape
  let build: @Sendable (inout NetworkBuilder, Int) -> Int

  init(
    _ name: String, _ height: Int, _ width: Int, _ channels: Int,
    _ build: @escaping @Sendable (inout NetworkBuilder, Int) -> Int
  ) {
    testDescription = name
    input = ImageShape(height: height, width: width, channels: channels)
    self.build = build
  }

  /// The case's layers between a 3×3 convolution and a linear head, so that gradients flow in and
  /// out of them.
  func network() throws -> Network {
    var builder = NetworkBuilder()
    let made = build(&builder, builder.input)
    let x = builder.append("pool", .globalAveragePool, made)
    _ = builder.append("fc", .linear(.init(outputs: 3)), x)
    return try builder.network("case", input: input, classes: 3)
  }

  static func convolution(
    _ filters: Int, kernel: Int = 3, stride: Int = 1, padding: WindowPadding? = nil,
    dilation: Int = 1,
    groups: Int = 1, bias: Bool = false
  ) -> Operation {
    .convolution(
      .init(
        filters: filters, kernel: kernel, stride: stride, padding: padding ?? .around(kernel / 2),
        dilation: dilation, groups: groups, bias: bias))
  }

  /// Convolution, batch norm, ReLU and maximum over 2×2 windows.
  private static func pooled(
    _ b: inout NetworkBuilder, _ name: String, _ filters: Int, _ x: Int, relu: Bool = true
  ) -> Int {
    var y = b.append("\(name).norm", .batchNorm(.init()), b.append(name, convolution(filters), x))
    if relu { y = b.append("\(name).relu", .relu, y) }
    return b.append("\(name).pool", .pool(.init(.maximum, kernel: 2)), y)
  }

  static let all: [OperationCase] = chains + windows + branches + activations
  private static let chains: [OperationCase] = [
    OperationCase("convolution 3x3 of pixels", 8, 8, 3) { b, x in
      b.append("a", convolution(16), x)
    },
    OperationCase("convolution of one channel, odd size", 7, 9, 1) { b, x in
      b.append("a", convolution(16), x)
    },
    OperationCase("convolution of five channels", 6, 6, 5) { b, x in
      b.append("a", convolution(16), x)
    },
    OperationCase("convolution with bias, filters not a multiple of 16", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(20, bias: true), x)
      return b.append("b", convolution(24, bias: true), y)
    },
    OperationCase("convolutions of maps with many tiles, shortcut", 17, 14, 3) { b, x in
      let y = b.append("a", convolution(20), x)
      let z = b.append("relu", .relu, b.append("norm", .batchNorm(.init()), y))
      return b.append(
        "add", .add, b.append("b", convolution(40), z), b.append("c", convolution(40), y))
    },
    OperationCase("convolutions with more weights than activations", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(48, stride: 2), x)
      let z = b.append("b", convolution(80, stride: 2, bias: true), y)
      return b.append("c", convolution(64), z)
    },
    OperationCase("convolution 3x3 16 to 32", 8, 8, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("b", convolution(32), y)
    },
    OperationCase("convolution 5x5 of two channels, norm", 9, 11, 2) { b, x in
      let y = b.append("a", convolution(24, kernel: 5), x)
      return b.append("relu", .relu, b.append("norm", .batchNorm(.init()), y))
    },
    OperationCase("convolution 7x7 stride 2, norm, read twice", 15, 13, 3) { b, x in
      let y = b.append("a", convolution(40, kernel: 7, stride: 2), x)
      let z = b.append("norm", .batchNorm(.init()), y)
      return b.append("add", .add, z, b.append("b", convolution(40), y))
    },
    OperationCase("pooled norm and ReLU between convolutions", 12, 12, 3) { b, x in
      let y = pooled(&b, "a", 16, x)
      let z = pooled(&b, "b", 32, y)
      return b.append("c", convolution(16), z)
    },
    OperationCase("pooled norm without ReLU, odd sizes", 11, 9, 3) { b, x in
      let y = pooled(&b, "a", 20, x, relu: false)
      return b.append("b", convolution(16), y)
    },
    OperationCase("pooled norms of own kernels, odd sizes", 15, 13, 6) { b, x in
      let y = pooled(&b, "a", 16, x)
      return pooled(&b, "b", 20, y, relu: false)
    },
    OperationCase("pooled ReLU without norm", 8, 8, 3) { b, x in
      let y = b.append("a.relu", .relu, b.append("a", convolution(16), x))
      let z = b.append("a.pool", .pool(.init(.maximum, kernel: 2)), y)
      return b.append("b", convolution(16), z)
    },
    OperationCase("ReLU read by a pooling and another", 8, 8, 3) { b, x in
      let y = b.append("norm", .batchNorm(.init()), b.append("a", convolution(16), x))
      let z = b.append("relu", .relu, y)
      let p = b.append("a.pool", .pool(.init(.maximum, kernel: 2)), z)
      let q = b.append("b", convolution(16, stride: 2), z)
      return b.append("add", .add, p, q)
    },
    OperationCase("pooled norm before a residual block", 12, 12, 3) { b, x in
      let y = pooled(&b, "a", 16, x)
      let z = b.append("n", .batchNorm(.init()), b.append("b", convolution(16), y))
      return b.append("add", .add, z, y)
    },
    OperationCase("convolution 3x3 32 to 32, Winograd's domain", 12, 12, 3) { b, x in
      let y = b.append("a", convolution(32), x)
      return b.append("b", convolution(32), y)
    },
    OperationCase("convolution of stride 2", 9, 8, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("b", convolution(32, stride: 2), y)
    },
    OperationCase("convolution 1x1", 5, 5, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("b", convolution(32, kernel: 1), y)
    },
    OperationCase("convolution 7x7 of stride 2", 16, 16, 3) { b, x in
      b.append("a", convolution(16, kernel: 7, stride: 2), x)
    },
    OperationCase("convolution without padding", 6, 7, 3) { b, x in
      let y = b.append("a", convolution(16, padding: 0), x)
      return b.append("b", convolution(16, padding: 0), y)
    },
    OperationCase("batch norm", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("n", .batchNorm(.init()), y)
    },
    OperationCase("batch norm of 20 channels with ReLU", 6, 6, 3) { b, x in
      b.convolutionNorm("", index: 1, x, filters: 20)
    },
    OperationCase("ReLU alone", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(16, bias: true), x)
      return b.append("r", .relu, y)
    },
    OperationCase("maximum pooling", 8, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      return b.append("p", .pool(.init(.maximum, kernel: 2)), y)
    },
    OperationCase("overlapping maximum pooling with padding", 9, 9, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("p", .pool(.init(.maximum, kernel: 3, stride: 2, padding: 1)), y)
    },
    OperationCase("average pooling", 8, 8, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("p", .pool(.init(.average, kernel: 2)), y)
    },
    OperationCase("average pooling with padding", 7, 7, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("p", .pool(.init(.average, kernel: 3, stride: 2, padding: 1)), y)
    },
    OperationCase("pooling of pixels", 8, 8, 3) { b, x in
      let y = b.append("p", .pool(.init(.average, kernel: 2)), x)
      return b.append("a", convolution(16), y)
    },
  ]
  private static let branches: [OperationCase] = [
    OperationCase("residual block", 6, 6, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 16, relu: false)
      let s = b.append("add", .add, z, y)
      return b.append("r", .relu, s)
    },
    OperationCase("residual block, shortcut first", 6, 6, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 16, relu: false)
      return b.append("add", .add, y, z)
    },
    OperationCase("residual block with projection", 8, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 32, stride: 2, relu: false)
      let s = b.convolutionNorm("", index: 3, y, filters: 32, kernel: 1, stride: 2, relu: false)
      let sum = b.append("add", .add, z, s)
      return b.append("r", .relu, sum)
    },
    OperationCase("residual block, projection after its convolutions", 8, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 32)
      let w = b.convolutionNorm("", index: 3, z, filters: 32, relu: false)
      let s = b.convolutionNorm("", index: 4, y, filters: 32, kernel: 1, relu: false)
      let sum = b.append("add", .add, w, s)
      return b.append("r", .relu, sum)
    },
    OperationCase("residual around one convolution", 8, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 16, relu: false)
      let sum = b.append("add", .add, z, y)
      let r = b.append("r", .relu, sum)
      return b.append("b", convolution(32), r)
    },
    OperationCase("inverted residual block", 9, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 24, relu: false)
      let z = b.convolutionNormActivation(
        "expand", y, filters: 72, kernel: 1, activation: .activation(.relu6))
      let w = b.convolutionNormActivation(
        "filter", z, filters: 72, kernel: 3, groups: 72, activation: .activation(.relu6))
      let p = b.append("project", convolution(24, kernel: 1), w)
      return b.append("add", .add, y, b.append("norm", .batchNorm(.init()), p))
    },
    OperationCase("inverted residual block of stride 2, SiLU", 9, 11, 3) { b, x in
      let y = b.convolutionNormActivation(
        "stem", x, filters: 20, kernel: 3, stride: 2, activation: .activation(.silu))
      let z = b.convolutionNormActivation(
        "expand", y, filters: 40, kernel: 1, activation: .activation(.silu))
      let w = b.convolutionNormActivation(
        "filter", z, filters: 40, kernel: 5, stride: 2, groups: 40, activation: .activation(.silu))
      return b.append("project", convolution(24, kernel: 1, bias: true), w)
    },
    OperationCase("subsampling shortcut", 8, 8, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let z = b.convolutionNorm("", index: 2, y, filters: 32, stride: 2, relu: false)
      let s = b.append("s", .subsample(.init(stride: 2, channels: 32)), y)
      let sum = b.append("add", .add, z, s)
      return b.append("r", .relu, sum)
    },
    OperationCase("addition without norm, three readers", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      let p = b.append("b", convolution(16), y)
      let q = b.append("c", convolution(16), y)
      let s = b.append("add1", .add, p, q)
      return b.append("add2", .add, s, y)
    },
    OperationCase("norm with three readers", 6, 6, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 16)
      let p = b.append("b", convolution(16), y)
      let q = b.append("c", convolution(16), y)
      let s = b.append("add1", .add, p, q)
      let t = b.append("add2", .add, s, y)
      return b.append("r", .relu, t)
    },
    OperationCase("concatenation of whole blocks", 5, 6, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      let z = b.append("b", convolution(32), y)
      let c = b.append("cat", .concatenate, y, z)
      return b.append("c", convolution(16), c)
    },
    OperationCase("concatenation of 20, 3, 9 and 20 channels", 5, 5, 3) { b, x in
      let y = b.append("a", convolution(20), x)
      let z = b.append("b", convolution(9, bias: true), y)
      let c = b.append("cat", .concatenate, y, x, z, y)
      return b.convolutionNorm("", index: 1, c, filters: 16)
    },
    OperationCase("squeeze and excite", 6, 5, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 24)
      let p = b.append("avgpool", .globalAveragePool, y)
      let s = b.append("fc1", .linear(.init(outputs: 7, asConvolution: true)), p)
      let t = b.append("relu", .activation(.silu), s)
      let u = b.append("fc2", .linear(.init(outputs: 24, asConvolution: true)), t)
      let v = b.append("sigmoid", .activation(.sigmoid), u)
      return b.append("scale", .scaleChannels, y, v)
    },
    OperationCase("channels of pixels scaled", 6, 6, 3) { b, x in
      let p = b.append("avgpool", .globalAveragePool, x)
      let s = b.append("fc1", .linear(.init(outputs: 3)), p)
      let y = b.append("scale", .scaleChannels, x, s)
      return b.append("a", convolution(16), y)
    },
    OperationCase("dropout on a map", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(20, bias: true), x)
      let z = b.append("drop", .dropout(0.4), y)
      return b.append("b", convolution(16), z)
    },
    OperationCase("dropout at rate 0", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(20, bias: true), x)
      let z = b.append("drop", .dropout(0), y)
      return b.append("b", convolution(16), z)
    },
    OperationCase("stochastic depth", 6, 6, 3) { b, x in
      let y = b.convolutionNorm("", index: 1, x, filters: 20)
      let z = b.convolutionNorm("", index: 2, y, filters: 20, relu: false)
      let d = b.append("drop", .stochasticDepth(0.4), z)
      return b.append("add", .add, d, y)
    },
    OperationCase("features: dropout, cosine classifier", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(20, bias: true), x)
      let p = b.append("avgpool", .globalAveragePool, y)
      let d = b.append("drop", .dropout(0.3), p)
      let e = b.append("depth", .stochasticDepth(0.3), d)
      let c = b.append("cosine", .cosineLinear(.init(outputs: 20, scale: 3)), e)
      return b.append("scale", .scaleChannels, y, c)
    },
  ]

  /// Each activation on a map of 20 channels and on features.
  private static let activations = Operation.Activation.allCases.flatMap { activation in
    [
      OperationCase("\(activation) on a map", 6, 6, 3) { b, x in
        let y = b.convolutionNorm("", index: 1, x, filters: 20, relu: false)
        let z = b.append("s", .activation(activation), y)
        return b.append("b", convolution(16, bias: true), z)
      },
      OperationCase("\(activation) on features", 6, 6, 3) { b, x in
        let y = b.append("a", convolution(20, bias: true), x)
        let p = b.append("avgpool", .globalAveragePool, y)
        let f = b.append("fc1", .linear(.init(outputs: 20)), p)
        let a = b.append("f", .activation(activation), f)
        return b.append("scale", .scaleChannels, y, a)
      },
    ]
  }
}
