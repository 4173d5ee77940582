import BalanceCore

/// A small network for small images and short patience: three 3×3 convolutions of 32, 64 and 128
/// filters with batch norm and ReLU, 2×2 max pooling after the first two while there are pixels
/// left, global average, linear.
enum SmallCNN {
  static func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError)
    -> Network
  {
    var builder = NetworkBuilder()
    var x = builder.input
    var side = min(input.height, input.width)
    for (index, filters) in [32, 64, 128].enumerated() {
      builder.stage = index
      x = builder.convolutionNorm("", index: index + 1, x, filters: filters)
      if index < 2, side >= 4 {
        x = builder.append("pool\(index + 1)", .pool(.init(.maximum, kernel: 2)), x)
        side /= 2
      }
    }
    x = builder.append("pool", .globalAveragePool, x)
    _ = builder.append("fc", .linear(.init(outputs: classes)), x)
    return try builder.network(name, input: input, classes: classes)
  }
}
