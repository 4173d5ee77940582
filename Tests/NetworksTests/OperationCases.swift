import BalanceCore
import Networks
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

  private static func convolution(
    _ filters: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, bias: Bool = false
  ) -> Operation {
    .convolution(
      .init(
        filters: filters, kernel: kernel, stride: stride, padding: padding ?? kernel / 2,
        bias: bias))
  }

  static let all: [OperationCase] = [
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
    OperationCase("convolution 3x3 16 to 32", 8, 8, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("b", convolution(32), y)
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
  ]
}
