public import BalanceCore

/// A network as a value: a graph of layers in the order of computation, from pixels `[H, W, C]` to
/// logits `[classes]`. It holds no weights; `Parameters` does.
public struct Network: Codable, Hashable, Sendable {
  /// A layer: an operation on values that earlier layers made.
  public struct Node: Codable, Hashable, Sendable {
    /// The prefix of its parameters' names, as in PyTorch: `layer1.0.conv1`.
    public let name: String
    public let operation: Operation
    /// Value 0 is the network's input; value i + 1 is made by node i.
    public let inputs: [Int]
    /// The part of the network that it belongs to: 0 is the stem, 1 and up the stages behind it.
    public let stage: Int

    public init(name: String, operation: Operation, inputs: [Int], stage: Int = 0) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.stage = stage
    }
  }

  public let name: String
  public let input: ImageShape
  public let classes: Int
  public let nodes: [Node]
  /// How a training run draws the first values of its parameters.
  public let initialization: Initialization
  /// The shape of each value; `shapes[0]` is the input's.
  public let shapes: [ValueShape]

  /// - Throws: `BalanceError` where shapes do not fit, an input does not exist yet, two layers have
  ///   one name, the last layer does not give one logit a class, or a size is beyond `SizeLimit`.
  public init(
    name: String, input: ImageShape, classes: Int, nodes: [Node],
    initialization: Initialization = .he
  ) throws(BalanceError) {
    self.name = name
    self.initialization = initialization
    self.input = input
    self.classes = classes
    self.nodes = nodes
    guard SizeLimit.allows(input) else {
      throw BalanceError(.usage, "'\(name)' reads images of \(input): \(SizeLimit.rule)")
    }
    var shapes: [ValueShape] = [.image(input)]
    for (index, node) in nodes.enumerated() {
      guard SizeLimit.allows(node) else {
        throw BalanceError(.usage, "a size of layer '\(node.name)' is too large or below 0")
      }
      guard !node.inputs.isEmpty, node.inputs.allSatisfy({ (0...index).contains($0) }) else {
        throw BalanceError(
          .usage, "layer '\(node.name)' reads a value that no earlier layer makes")
      }
      let inputs = node.inputs.map { shapes[$0] }
      let shape = try node.operation.outputShape(of: inputs, name: node.name)
      guard SizeLimit.allows(shape.image) else {
        throw BalanceError(.usage, "layer '\(node.name)' makes \(shape): \(SizeLimit.rule)")
      }
      shapes.append(shape)
    }
    self.shapes = shapes
    guard SizeLimit.allowsParameters(of: nodes, shapes) else {
      throw BalanceError(.usage, "'\(name)' has too many parameters: \(SizeLimit.rule)")
    }
    guard Set(nodes.map(\.name)).count == nodes.count else {
      throw BalanceError(.usage, "two layers of '\(name)' have the same name")
    }
    guard shapes.last == .features(classes) else {
      throw BalanceError(
        .usage, "'\(name)' ends with \(shapes[shapes.count - 1]), not \(classes) logits")
    }
  }

  private enum CodingKeys: String, CodingKey { case name, input, classes, nodes, initialization }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      name: container.decode(String.self, forKey: .name),
      input: container.decode(ImageShape.self, forKey: .input),
      classes: container.decode(Int.self, forKey: .classes),
      nodes: container.decode([Node].self, forKey: .nodes),
      initialization: container.decode(Initialization.self, forKey: .initialization))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(input, forKey: .input)
    try container.encode(classes, forKey: .classes)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(initialization, forKey: .initialization)
  }
}
