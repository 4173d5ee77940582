import BalanceCore

/// EfficientNet-Lite: EfficientNet's inverted residual blocks without squeeze-and-excite and with
/// ReLU6, as wide and as deep as a multiplier says. Where it halves a map it pads as TensorFlow, in
/// which it was trained. Parameters are named and shaped as timm's `tf_efficientnet_lite0`.
///
/// Source: the EfficientNet-Lite of TensorFlow's models, 2020; Tan and Le, *EfficientNet:
/// rethinking model scaling*, ICML 2019.
enum EfficientNetLite {
  /// Width and depth against Lite0, and how often the last features are dropped.
  struct Scale {
    let width: Double
    let depth: Double
    let dropout: Double

    static let lite0 = Scale(width: 1, depth: 1, dropout: 0.2)
    static let lite1 = Scale(width: 1, depth: 1.1, dropout: 0.2)
    static let lite2 = Scale(width: 1.1, depth: 1.2, dropout: 0.3)
  }

  private static let rows:
    [(expansion: Int, kernel: Int, stride: Int, channels: Int, blocks: Int)] = [
      (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3),
      (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ]
  /// The last block's probability of being skipped; earlier ones have less, in proportion.
  private static let stochasticDepth = 0.2

  static func network(_ name: String, _ scale: Scale, input: ImageShape, classes: Int)
    throws(BalanceError) -> Network
  {
    var builder = NetworkBuilder()
    // Neither the first and last stages' depth nor the first and last layers' width is scaled.
    let depths = rows.enumerated().map { index, row in
      index == 0 || index == rows.count - 1
        ? row.blocks : Int((Double(row.blocks) * scale.depth).rounded(.up))
    }
    let total = depths.reduce(0, +)
    var channels = 32
    var x = builder.filter(
      "conv_stem", "bn1", builder.input, filters: channels, kernel: 3, stride: 2)
    var index = 0
    for (stage, (row, depth)) in zip(rows, depths).enumerated() {
      builder.stage = stage + 1
      let filters = NetworkBuilder.roundedChannels(Double(row.channels) * scale.width)
      for place in 0..<depth {
        let prefix = "blocks.\(stage).\(place)."
        let stride = place == 0 ? row.stride : 1
        var y = builder.block(
          prefix, x, channels: channels, expansion: row.expansion, kernel: row.kernel,
          stride: stride, filters: filters)
        if stride == 1, channels == filters {
          let rate = stochasticDepth * Double(index) / Double(total)
          y = builder.append(prefix + "drop_path", .stochasticDepth(rate), y)
          y = builder.append(prefix + "add", .add, y, x)
        }
        x = y
        channels = filters
        index += 1
      }
    }
    builder.stage = rows.count + 1
    x = builder.filter("conv_head", "bn2", x, filters: 1280, kernel: 1)
    x = builder.append("global_pool", .globalAveragePool, x)
    x = builder.append("dropout", .dropout(scale.dropout), x)
    _ = builder.append("classifier", .linear(.init(outputs: classes)), x)
    return try builder.network(
      name, input: input, classes: classes, initialization: .efficientNetLite)
  }
}

extension NetworkBuilder {
  /// A convolution, norm, and ReLU6 unless it ends a block.
  fileprivate mutating func filter(
    _ convolution: String, _ norm: String, _ x: Int, filters: Int, kernel: Int, stride: Int = 1,
    groups: Int = 1, activates: Bool = true
  ) -> Int {
    // At stride 1 it is the same number on both sides.
    let padding = stride == 1 ? WindowPadding.around(kernel / 2) : .same
    let y = append(
      convolution,
      .convolution(
        .init(filters: filters, kernel: kernel, stride: stride, padding: padding, groups: groups)),
      x)
    let z = append(norm, .batchNorm(.init(epsilon: 1e-3, momentum: 0.01)), y)
    return activates ? append(norm + ".act", .activation(.relu6), z) : z
  }

  fileprivate mutating func block(
    _ prefix: String, _ x: Int, channels: Int, expansion: Int, kernel: Int, stride: Int,
    filters: Int
  ) -> Int {
    let wide = channels * expansion
    guard expansion != 1 else {
      let y = filter(
        prefix + "conv_dw", prefix + "bn1", x, filters: wide, kernel: kernel, stride: stride,
        groups: wide)
      return filter(
        prefix + "conv_pw", prefix + "bn2", y, filters: filters, kernel: 1, activates: false)
    }
    var y = filter(prefix + "conv_pw", prefix + "bn1", x, filters: wide, kernel: 1)
    y = filter(
      prefix + "conv_dw", prefix + "bn2", y, filters: wide, kernel: kernel, stride: stride,
      groups: wide)
    return filter(
      prefix + "conv_pwl", prefix + "bn3", y, filters: filters, kernel: 1, activates: false)
  }
}
