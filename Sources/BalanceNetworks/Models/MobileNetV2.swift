import BalanceCore

/// Inverted residual blocks: expand by a 1×1 convolution, filter each channel on its own by a 3×3
/// one, project back by a 1×1 one without activation. Parameters are named and shaped as
/// torchvision's. The stages are the rows of the paper's table 2, the last convolution being the
/// eighth.
///
/// Source: Sandler et al., *MobileNetV2: inverted residuals and linear bottlenecks*, CVPR 2018.
enum MobileNetV2 {
  private static let rows: [(expansion: Int, channels: Int, blocks: Int, stride: Int)] = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
  ]
  private static let relu6 = Operation.activation(.relu6)

  static func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError)
    -> Network
  {
    var builder = NetworkBuilder()
    var channels = 32
    var x = builder.convolutionNormActivation(
      "features.0", builder.input, filters: channels, kernel: 3, stride: 2, activation: relu6)
    var index = 1
    for (stage, row) in rows.enumerated() {
      builder.stage = stage + 1
      for block in 0..<row.blocks {
        let stride = block == 0 ? row.stride : 1
        let prefix = "features.\(index).conv."
        var (y, part) = builder.expandAndFilter(
          prefix, x, channels: channels, wide: channels * row.expansion, kernel: 3, stride: stride,
          activation: relu6)
        y = builder.append(
          prefix + "\(part)", .convolution(.init(filters: row.channels, kernel: 1)), y)
        part += 1
        y = builder.append(prefix + "\(part)", .batchNorm(.init()), y)
        if stride == 1, channels == row.channels {
          y = builder.append("features.\(index).add", .add, x, y)
        }
        x = y
        channels = row.channels
        index += 1
      }
    }
    builder.stage = rows.count + 1
    x = builder.convolutionNormActivation(
      "features.\(index)", x, filters: 1280, kernel: 1, activation: relu6)
    x = builder.append("avgpool", .globalAveragePool, x)
    x = builder.append("classifier.0", .dropout(0.2), x)
    _ = builder.append("classifier.1", .linear(.init(outputs: classes)), x)
    return try builder.network(name, input: input, classes: classes, initialization: .mobileNet)
  }
}
