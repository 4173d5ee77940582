import BalanceCore

extension Network {
  /// The network in two: up to the features that its last global average makes, and from there to
  /// the logits. Computing one after the other gives what the whole gives.
  public struct Cut: Sendable {
    /// Its "logits" are the features.
    public let backbone: Network
    /// Takes features as images of one pixel.
    public let head: Network
    /// How far the indices of the head's nodes are behind those of the whole network.
    public let offset: Int
  }

  /// Nil where there is no such place, or something behind it reads what was made before it.
  public func cut() -> Cut? {
    let pool = nodes.indices.last { nodes[$0].operation == .globalAveragePool }
    guard let pool, case .features(let count) = shapes[pool + 1] else { return nil }
    let rest = nodes[(pool + 1)...]
    guard !rest.isEmpty, rest.allSatisfy({ $0.inputs.allSatisfy { $0 > pool } }) else { return nil }
    let entrance = Node(name: nodes[pool].name, operation: .globalAveragePool, inputs: [0])
    let shifted = rest.map { node in
      Node(
        name: node.name, operation: node.operation, inputs: node.inputs.map { $0 - pool },
        stage: node.stage)
    }
    guard
      let backbone = try? Network(
        name: "\(name) features", input: input, classes: count, nodes: Array(nodes[...pool])),
      let head = try? Network(
        name: "\(name) head", input: ImageShape(height: 1, width: 1, channels: count),
        classes: classes, nodes: [entrance] + shifted)
    else { return nil }
    return Cut(backbone: backbone, head: head, offset: pool)
  }
}
