public import BalanceCore
public import BalanceNetworks

/// How much of a network keeps its weights, batch norms and their running statistics included.
public enum Freezing: Spelled {
  case none
  /// What comes before the first stage.
  case stem
  /// The stem and the stages up to this one, from 1.
  case stage(Int)
  /// Everything but the head.
  case backbone

  public static let grammar = Grammar<Freezing>(
    "part to freeze",
    [
      SpelledForm("none", "everything is trained", is: .none),
      SpelledForm("stem", "what comes before the first stage", is: .stem),
      SpelledForm(
        "stage", "the stem and the stages up to this one", naming: .glued,
        .whole("NUMBER", from: 1, example: "2"),
        make: { .stage($0) }, take: { if case .stage(let number) = $0 { number } else { nil } }),
      SpelledForm("backbone", "everything but the last layer", is: .backbone),
    ])

  /// The frozen nodes of a network.
  ///
  /// - Throws: `BalanceError` with code `usage` for a stage that the network has not.
  public func nodes(of network: Network) throws(BalanceError) -> Set<Int> {
    let last: Int
    switch self {
    case .none: return []
    case .backbone: return network.backboneNodes
    case .stem: last = 0
    case .stage(let number): last = number
    }
    guard last <= network.stageCount else {
      throw BalanceError(
        .usage, "\(network.name) has no stage \(last): it has \(network.stageCount)", at: "freeze",
        remedy: "freeze \(Self.choices(network.stageCount))")
    }
    return Set(
      network.stages.enumerated().compactMap { index, stage in
        if case .backbone(let number) = stage, number <= last { index } else { nil }
      })
  }
}

extension Freezing {
  /// What can be frozen of a network with so many stages.
  private static func choices(_ stages: Int) -> String {
    switch stages {
    case 0: "stem or backbone"
    case 1: "stem, stage1 or backbone"
    default: "stem, stage1 to stage\(stages), or backbone"
    }
  }
}
