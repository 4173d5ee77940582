import BalanceCore

/// The residual networks for large images: a 7×7 convolution, maximum pooling, four stages of
/// basic or bottleneck blocks with projection shortcuts (option B), global average, linear.
/// Parameters are named and shaped as torchvision's; the stride of a bottleneck lies in its 3×3
/// convolution.
///
/// Source: He et al., *Deep residual learning for image recognition*, CVPR 2016, table 1.
enum ResNet {
  enum Block { case basic, bottleneck }

  /// - Parameter blocks: how many each stage has.
  static func network(
    _ name: String, _ block: Block, blocks: [Int], input: ImageShape, classes: Int
  ) throws(BalanceError) -> Network {
    var builder = NetworkBuilder()
    var x = builder.convolutionNorm(
      "", index: 1, builder.input, filters: 64, kernel: 7, stride: 2)
    x = builder.append("maxpool", .pool(.init(.maximum, kernel: 3, stride: 2, padding: 1)), x)
    var channels = 64
    for (index, count) in blocks.enumerated() {
      builder.stage = index + 1
      let width = 64 << index
      let filters = block == .basic ? width : width * 4
      for place in 0..<count {
        let stride = index > 0 && place == 0 ? 2 : 1
        x = append(
          block, to: &builder, "layer\(index + 1).\(place).", x, width: width, stride: stride,
          project: stride != 1 || channels != filters)
        channels = filters
      }
    }
    x = builder.append("avgpool", .globalAveragePool, x)
    _ = builder.append("fc", .linear(.init(outputs: classes)), x)
    return try builder.network(name, input: input, classes: classes, initialization: .resnet)
  }

  private static func append(
    _ block: Block, to builder: inout NetworkBuilder, _ prefix: String, _ x: Int, width: Int,
    stride: Int, project: Bool
  ) -> Int {
    var y: Int
    let filters: Int
    switch block {
    case .basic:
      filters = width
      y = builder.convolutionNorm(prefix, index: 1, x, filters: width, stride: stride)
      y = builder.convolutionNorm(prefix, index: 2, y, filters: filters, relu: false)
    case .bottleneck:
      filters = width * 4
      y = builder.convolutionNorm(prefix, index: 1, x, filters: width, kernel: 1)
      y = builder.convolutionNorm(prefix, index: 2, y, filters: width, stride: stride)
      y = builder.convolutionNorm(prefix, index: 3, y, filters: filters, kernel: 1, relu: false)
    }
    var shortcut = x
    if project {
      shortcut = builder.append(
        prefix + "downsample.0",
        .convolution(.init(filters: filters, kernel: 1, stride: stride)), x)
      shortcut = builder.append(prefix + "downsample.1", .batchNorm(.init()), shortcut)
    }
    y = builder.append(prefix + "add", .add, y, shortcut)
    return builder.append(prefix + "relu", .relu, y)
  }
}
