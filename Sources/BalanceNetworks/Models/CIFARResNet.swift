import BalanceCore

/// The residual networks for 32×32 images, 6n + 2 layers deep: a 3×3 convolution, three stages of n
/// basic blocks with 16, 32 and 64 channels, parameter-free shortcuts, global average, linear.
///
/// Source: He et al., *Deep residual learning for image recognition*, CVPR 2016, section 4.2.
enum CIFARResNet {
  /// - Parameter blocks: n, basic blocks a stage.
  static func network(_ name: String, blocks: Int, input: ImageShape, classes: Int)
    throws(BalanceError) -> Network
  {
    var builder = NetworkBuilder()
    var x = builder.convolutionNorm("", index: 1, builder.input, filters: 16)
    for stage in 1...3 {
      builder.stage = stage
      let filters = 16 << (stage - 1)
      for block in 0..<blocks {
        let prefix = "layer\(stage).\(block)."
        let stride = stage > 1 && block == 0 ? 2 : 1
        var shortcut = x
        if stride == 2 {
          shortcut = builder.append(
            prefix + "shortcut", .subsample(.init(stride: stride, channels: filters)), x)
        }
        var y = builder.convolutionNorm(prefix, index: 1, x, filters: filters, stride: stride)
        y = builder.convolutionNorm(prefix, index: 2, y, filters: filters, relu: false)
        y = builder.append(prefix + "add", .add, y, shortcut)
        x = builder.append(prefix + "relu2", .relu, y)
      }
    }
    x = builder.append("pool", .globalAveragePool, x)
    _ = builder.append("linear", .linear(.init(outputs: classes)), x)
    return try builder.network(name, input: input, classes: classes)
  }
}
