public import BalanceCore

/// The models that go by a name.
public enum ModelCatalog {
  public static let names = ["cnn", "resnet20", "resnet32", "resnet44", "resnet56"]

  /// - Throws: `BalanceError` for a name that does not exist, with the nearest one, and for an
  ///   image size that the model cannot work on.
  public static func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError)
    -> Network
  {
    guard input.height > 0, input.width > 0, input.channels > 0 else {
      throw BalanceError(.usage, "an image size of \(input) has no pixels")
    }
    switch name {
    case "cnn": return try SmallCNN.network(name, input: input, classes: classes)
    case "resnet20", "resnet32", "resnet44", "resnet56":
      // 6n + 2 layers.
      let depth = Int(name.dropFirst("resnet".count)) ?? 20
      return try CIFARResNet.network(
        name, blocks: (depth - 2) / 6, input: input, classes: classes)
    default: throw Suggestion.unknown("model", name, among: names)
    }
  }
}
