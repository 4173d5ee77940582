import BalanceCore

/// Inverted residual blocks found by a search, some with squeeze-and-excite, behind the first ones
/// with hard swish. Parameters are named and shaped as torchvision's; stages begin where the rows
/// of the paper's tables 1 and 2 halve the map or change how blocks are made.
///
/// Source: Howard et al., *Searching for MobileNetV3*, ICCV 2019.
enum MobileNetV3 {
  fileprivate struct Row {
    let kernel: Int
    let wide: Int
    let channels: Int
    var squeezes = false
    var activation = Operation.Activation.relu
    var stride = 1
  }

  /// The rows of a table by stage, and the features between the last two layers.
  struct Table {
    fileprivate let stages: [[Row]]
    fileprivate let features: Int
  }

  static let small = Table(
    stages: [
      [Row(kernel: 3, wide: 16, channels: 16, squeezes: true, stride: 2)],
      [
        Row(kernel: 3, wide: 72, channels: 24, stride: 2),
        Row(kernel: 3, wide: 88, channels: 24),
      ],
      [
        Row(
          kernel: 5, wide: 96, channels: 40, squeezes: true, activation: .hardSwish, stride: 2),
        Row(kernel: 5, wide: 240, channels: 40, squeezes: true, activation: .hardSwish),
        Row(kernel: 5, wide: 240, channels: 40, squeezes: true, activation: .hardSwish),
      ],
      [
        Row(kernel: 5, wide: 120, channels: 48, squeezes: true, activation: .hardSwish),
        Row(kernel: 5, wide: 144, channels: 48, squeezes: true, activation: .hardSwish),
      ],
      [
        Row(
          kernel: 5, wide: 288, channels: 96, squeezes: true, activation: .hardSwish, stride: 2),
        Row(kernel: 5, wide: 576, channels: 96, squeezes: true, activation: .hardSwish),
        Row(kernel: 5, wide: 576, channels: 96, squeezes: true, activation: .hardSwish),
      ],
    ], features: 1024)

  static let large = Table(
    stages: [
      [Row(kernel: 3, wide: 16, channels: 16)],
      [
        Row(kernel: 3, wide: 64, channels: 24, stride: 2),
        Row(kernel: 3, wide: 72, channels: 24),
      ],
      [
        Row(kernel: 5, wide: 72, channels: 40, squeezes: true, stride: 2),
        Row(kernel: 5, wide: 120, channels: 40, squeezes: true),
        Row(kernel: 5, wide: 120, channels: 40, squeezes: true),
      ],
      [
        Row(kernel: 3, wide: 240, channels: 80, activation: .hardSwish, stride: 2),
        Row(kernel: 3, wide: 200, channels: 80, activation: .hardSwish),
        Row(kernel: 3, wide: 184, channels: 80, activation: .hardSwish),
        Row(kernel: 3, wide: 184, channels: 80, activation: .hardSwish),
      ],
      [
        Row(kernel: 3, wide: 480, channels: 112, squeezes: true, activation: .hardSwish),
        Row(kernel: 3, wide: 672, channels: 112, squeezes: true, activation: .hardSwish),
      ],
      [
        Row(
          kernel: 5, wide: 672, channels: 160, squeezes: true, activation: .hardSwish, stride: 2),
        Row(kernel: 5, wide: 960, channels: 160, squeezes: true, activation: .hardSwish),
        Row(kernel: 5, wide: 960, channels: 160, squeezes: true, activation: .hardSwish),
      ],
    ], features: 1280)

  private static let norm = Operation.BatchNorm(epsilon: 1e-3, momentum: 0.01)
  private static let hardSwish = Operation.activation(.hardSwish)

  static func network(_ name: String, _ table: Table, input: ImageShape, classes: Int)
    throws(BalanceError) -> Network
  {
    var builder = NetworkBuilder()
    var channels = 16
    var x = builder.convolutionNormActivation(
      "features.0", builder.input, filters: channels, kernel: 3, stride: 2, norm: norm,
      activation: hardSwish)
    var index = 1
    for (stage, rows) in table.stages.enumerated() {
      builder.stage = stage + 1
      for row in rows {
        x = block(row, in: &builder, "features.\(index).", x, channels: channels)
        channels = row.channels
        index += 1
      }
    }
    builder.stage = table.stages.count + 1
    x = builder.convolutionNormActivation(
      "features.\(index)", x, filters: 6 * channels, kernel: 1, norm: norm, activation: hardSwish)
    x = builder.append("avgpool", .globalAveragePool, x)
    x = builder.append("classifier.0", .linear(.init(outputs: table.features)), x)
    x = builder.append("classifier.1", hardSwish, x)
    x = builder.append("classifier.2", .dropout(0.2), x)
    _ = builder.append("classifier.3", .linear(.init(outputs: classes)), x)
    return try builder.network(name, input: input, classes: classes, initialization: .mobileNet)
  }

  private static func block(
    _ row: Row, in builder: inout NetworkBuilder, _ prefix: String, _ x: Int, channels: Int
  ) -> Int {
    var (y, part) = builder.expandAndFilter(
      prefix + "block.", x, channels: channels, wide: row.wide, kernel: row.kernel,
      stride: row.stride, norm: norm, activation: .activation(row.activation))
    if row.squeezes {
      y = builder.squeezeAndExcite(
        prefix + "block.\(part)", y, channels: row.wide,
        squeezed: NetworkBuilder.roundedChannels(Double(row.wide / 4)), activation: .relu,
        scale: .hardSigmoid)
      part += 1
    }
    y = builder.convolutionNormActivation(
      prefix + "block.\(part)", y, filters: row.channels, kernel: 1, norm: norm, activation: nil)
    guard row.stride == 1, channels == row.channels else { return y }
    return builder.append(prefix + "add", .add, y, x)
  }
}
