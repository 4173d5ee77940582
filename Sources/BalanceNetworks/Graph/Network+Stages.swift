extension Network {
  /// Where a node is in the usual anatomy of a classifier.
  public enum Stage: Hashable, Sendable {
    /// 0 is the stem, 1 and up the stages behind it.
    case backbone(Int)
    /// The last layer with parameters, dropout before it, and what follows it.
    case head
  }

  /// The stage of each node.
  public var stages: [Stage] {
    let head = headStart
    return nodes.enumerated().map { $0 >= head ? .head : .backbone($1.stage) }
  }

  /// How many stages there are behind the stem.
  public var stageCount: Int { nodes[..<headStart].map(\.stage).max() ?? 0 }

  /// The nodes before the head.
  public var backboneNodes: Set<Int> { Set(0..<headStart) }

  /// The name of the layer that gives the logits; nil where no layer has parameters.
  package var headName: String? { headLayer.map { nodes[$0].name } }

  /// The first node of the head.
  var headStart: Int {
    guard var start = headLayer else { return nodes.count }
    while start > 0, case .dropout = nodes[start - 1].operation, nodes[start].inputs == [start] {
      start -= 1
    }
    return start
  }

  private var headLayer: Int? {
    nodes.indices.last { index in
      var layout = ParameterLayout()
      layout.append(self, node: index)
      return !layout.tensors.isEmpty
    }
  }
}
