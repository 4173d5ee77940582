import BalanceCore

/// EfficientNet-B0: inverted residual blocks with squeeze-and-excite and SiLU, some of them skipped
/// at random in training. Parameters are named and shaped as torchvision's. The stages are those of
/// the paper's table 1, the last convolution being the eighth.
///
/// Source: Tan and Le, *EfficientNet: rethinking model scaling*, ICML 2019.
enum EfficientNet {
  private struct Row {
    let expansion: Int
    let kernel: Int
    let stride: Int
    let channels: Int
    let blocks: Int
  }
  private static let rows = [
    Row(expansion: 1, kernel: 3, stride: 1, channels: 16, blocks: 1),
    Row(expansion: 6, kernel: 3, stride: 2, channels: 24, blocks: 2),
    Row(expansion: 6, kernel: 5, stride: 2, channels: 40, blocks: 2),
    Row(expansion: 6, kernel: 3, stride: 2, channels: 80, blocks: 3),
    Row(expansion: 6, kernel: 5, stride: 1, channels: 112, blocks: 3),
    Row(expansion: 6, kernel: 5, stride: 2, channels: 192, blocks: 4),
    Row(expansion: 6, kernel: 3, stride: 1, channels: 320, blocks: 1),
  ]
  private static let silu = Operation.activation(.silu)
  /// The last block's probability of being skipped; earlier ones have less, in proportion.
  private static let stochasticDepth = 0.2

  static func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError)
    -> Network
  {
    var builder = NetworkBuilder()
    var channels = 32
    var x = builder.convolutionNormActivation(
      "features.0", builder.input, filters: channels, kernel: 3, stride: 2, activation: silu)
    let total = rows.reduce(0) { $0 + $1.blocks }
    var index = 0
    for (stage, row) in rows.enumerated() {
      builder.stage = stage + 1
      for place in 0..<row.blocks {
        let prefix = "features.\(stage + 1).\(place)."
        let stride = place == 0 ? row.stride : 1
        var y = block(row, in: &builder, prefix + "block.", x, channels: channels, stride: stride)
        if stride == 1, channels == row.channels {
          let rate = stochasticDepth * Double(index) / Double(total)
          y = builder.append(prefix + "stochastic_depth", .stochasticDepth(rate), y)
          y = builder.append(prefix + "add", .add, y, x)
        }
        x = y
        channels = row.channels
        index += 1
      }
    }
    builder.stage = rows.count + 1
    x = builder.convolutionNormActivation(
      "features.\(rows.count + 1)", x, filters: 4 * channels, kernel: 1, activation: silu)
    x = builder.append("avgpool", .globalAveragePool, x)
    x = builder.append("classifier.0", .dropout(0.2), x)
    _ = builder.append("classifier.1", .linear(.init(outputs: classes)), x)
    return try builder.network(
      name, input: input, classes: classes, initialization: .efficientNet)
  }

  private static func block(
    _ row: Row, in builder: inout NetworkBuilder, _ prefix: String, _ x: Int, channels: Int,
    stride: Int
  ) -> Int {
    let wide = channels * row.expansion
    var (y, part) = builder.expandAndFilter(
      prefix, x, channels: channels, wide: wide, kernel: row.kernel, stride: stride,
      activation: silu)
    y = builder.squeezeAndExcite(
      prefix + "\(part)", y, channels: wide, squeezed: max(1, channels / 4), activation: .silu,
      scale: .sigmoid)
    part += 1
    return builder.convolutionNormActivation(
      prefix + "\(part)", y, filters: row.channels, kernel: 1, activation: nil)
  }
}
