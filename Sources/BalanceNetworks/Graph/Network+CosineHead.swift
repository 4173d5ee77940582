public import BalanceCore

extension Network {
  /// Whether the logits are cosines: the last layer with parameters is `cosineLinear`.
  public var hasCosineHead: Bool {
    if case .cosineLinear = nodes.last?.operation { true } else { false }
  }

  /// The network with `cosineLinear` of this scale for its last linear layer, under the same name.
  ///
  /// - Throws: `BalanceError` with code `usage` where the last layer is not linear, or is one of
  ///   cosines with another scale.
  public func withCosineHead(scale: Double) throws(BalanceError) -> Network {
    guard let last = nodes.last else { return self }
    let outputs: Int
    switch last.operation {
    case .linear(let linear): outputs = linear.outputs
    case .cosineLinear(let cosine) where cosine.scale == scale: return self
    case .cosineLinear(let cosine):
      throw BalanceError(
        .usage,
        "'\(name)' ends with cosines times \(cosine.scale), the loss expects times \(scale)",
        at: "model", remedy: "give both the same scale")
    default:
      throw BalanceError(
        .usage, "'\(name)' does not end with a linear layer that could give cosines", at: "model",
        remedy: "take another model or loss")
    }
    let head = Node(
      name: last.name, operation: .cosineLinear(.init(outputs: outputs, scale: scale)),
      inputs: last.inputs, stage: last.stage)
    return try Network(
      name: name, input: input, classes: classes, nodes: nodes.dropLast() + [head],
      initialization: initialization)
  }
}
