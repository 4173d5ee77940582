extension Network {
  /// Where a node stands in the usual anatomy of a classifier.
  public enum Stage: Hashable, Sendable {
    /// 0 is the stem, 1 and up the stages behind it.
    case backbone(Int)
    /// The last layer with parameters, and what follows it.
    case head
  }

  /// The stage of each node.
  ///
  /// Read from the names that torchvision gives: `layer2.0.conv1` is in stage 2, `features.3.conv` in
  /// stage 3; at the top level `conv2` or `bn2` is in stage 1, the first being the stem's. A node
  /// whose name says nothing belongs to the stage before it.
  public var stages: [Stage] {
    let head = headStart
    var current = 0
    return nodes.enumerated().map { index, node in
      if index >= head { return .head }
      current = max(current, Self.stage(named: node.name) ?? current)
      return .backbone(current)
    }
  }

  /// How many stages there are behind the stem.
  public var stageCount: Int {
    stages.reduce(0) { count, stage in
      if case .backbone(let number) = stage { max(count, number) } else { count }
    }
  }

  /// The nodes before the head.
  public var backboneNodes: Set<Int> { Set(0..<headStart) }

  /// The name of the layer that gives the logits; nil where no layer has parameters.
  package var headName: String? {
    headStart < nodes.count ? nodes[headStart].name : nil
  }

  /// The first node of the head.
  var headStart: Int {
    nodes.indices.last { index in
      var layout = ParameterLayout()
      layout.append(self, node: index)
      return !layout.entries.isEmpty
    } ?? nodes.count
  }

  private static func stage(named name: String) -> Int? {
    let parts = name.split(separator: ".")
    if parts.count > 1, parts[0] == "features" { return Int(parts[1]) }
    if parts.count > 1, parts[0].hasPrefix("layer") { return Int(parts[0].dropFirst(5)) }
    guard parts.count == 1, let digits = name.firstIndex(where: \.isNumber),
      ["conv", "bn", "relu", "pool"].contains(name[..<digits]), let number = Int(name[digits...])
    else { return nil }
    return number - 1
  }
}
