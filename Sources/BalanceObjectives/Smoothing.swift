/// Shares of a label's target that go to other classes.
enum Smoothing: Hashable {
  /// ε to all K classes alike.
  case uniform(Double)
  /// ε to the K − 1 others alike.
  case others(Double)
  /// ε_y, one a label, to all K classes alike.
  case byClass([Double])

  /// Label y leaves `kept` with y itself and gives `spread` to each of the K classes.
  func shares(of label: Int, classes: Int) -> (kept: Double, spread: Double) {
    switch self {
    case .uniform(let epsilon): return (1 - epsilon, epsilon / Double(classes))
    case .others(let epsilon):
      // One class has no others.
      guard classes > 1 else { return (1, 0) }
      let spread = epsilon / Double(classes - 1)
      return (1 - epsilon - spread, spread)
    case .byClass(let epsilons):
      return (1 - epsilons[label], epsilons[label] / Double(classes))
    }
  }
}
