public import BalanceCore

/// The models that go by a name.
public enum ModelCatalog {
  public static let names = [
    "cnn", "resnet20", "resnet32", "resnet44", "resnet56", "resnet18", "resnet34", "resnet50",
    "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0",
    "efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2",
  ]

  /// Checks a model's name or list of layers before there are images.
  ///
  /// - Throws: `BalanceError` with code `usage`: a name that does not exist, with the nearest one,
  ///   or a layer that cannot be read, with its place in the list.
  public static func check(_ name: String) throws(BalanceError) {
    if name.hasPrefix(LayerList.prefix) {
      _ = try LayerList(name)
    } else if !names.contains(name) {
      throw Suggestion.unknown("model", name, among: names)
    }
  }

  /// Checks one layer of a list.
  ///
  /// - Throws: `BalanceError` with code `usage`, saying what is wrong.
  package static func check(layer: String) throws(BalanceError) { _ = try ListedLayer(layer) }

  /// How a list of layers is written as the name of a model.
  package static func name(ofLayers layers: [String]) -> String {
    "\(LayerList.prefix) \(layers.joined(separator: ", "))"
  }

  /// - Parameter name: one of `names`, or `layers: ` and a list of layers; see `LayerList`.
  /// - Throws: as `check`, and for an image size that the model cannot work on.
  public static func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError)
    -> Network
  {
    guard input.height > 0, input.width > 0, input.channels > 0 else {
      throw BalanceError(.usage, "an image size of \(input) has no pixels")
    }
    func resnet(_ block: ResNet.Block, _ blocks: [Int]) throws(BalanceError) -> Network {
      try ResNet.network(name, block, blocks: blocks, input: input, classes: classes)
    }
    func lite(_ scale: EfficientNetLite.Scale) throws(BalanceError) -> Network {
      try EfficientNetLite.network(name, scale, input: input, classes: classes)
    }
    func mobileNetV3(_ table: MobileNetV3.Table) throws(BalanceError) -> Network {
      try MobileNetV3.network(name, table, input: input, classes: classes)
    }
    switch name {
    case "cnn": return try SmallCNN.network(name, input: input, classes: classes)
    case "resnet20", "resnet32", "resnet44", "resnet56":
      // 6n + 2 layers.
      let depth = Int(name.dropFirst("resnet".count)) ?? 20
      return try CIFARResNet.network(
        name, blocks: (depth - 2) / 6, input: input, classes: classes)
    case "resnet18": return try resnet(.basic, [2, 2, 2, 2])
    case "resnet34": return try resnet(.basic, [3, 4, 6, 3])
    case "resnet50": return try resnet(.bottleneck, [3, 4, 6, 3])
    case "mobilenet_v2": return try MobileNetV2.network(name, input: input, classes: classes)
    case "mobilenet_v3_small": return try mobileNetV3(MobileNetV3.small)
    case "mobilenet_v3_large": return try mobileNetV3(MobileNetV3.large)
    case "efficientnet_lite0": return try lite(.lite0)
    case "efficientnet_lite1": return try lite(.lite1)
    case "efficientnet_lite2": return try lite(.lite2)
    case "efficientnet_b0": return try EfficientNet.network(name, input: input, classes: classes)
    case _ where name.hasPrefix(LayerList.prefix):
      return try LayerList(name).network(name, input: input, classes: classes)
    default: throw Suggestion.unknown("model", name, among: names)
    }
  }
}
