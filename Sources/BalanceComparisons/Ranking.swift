/// The arms in order of macro F1, and whether one of them may be called the winner.
public struct Ranking: Codable, Hashable, Sendable {
  /// Which images the order was made on.
  public enum Basis: String, Codable, Hashable, Sendable {
    case validation
    /// There were no validation predictions; no winner is declared, since the images that choose
    /// cannot also judge.
    case test
  }

  public var basis: Basis
  /// Positions of arms, highest mean macro F1 first.
  public var order: [Int]
  /// Chosen on validation; nil without validation, with one arm, if the comparison is invalid, or
  /// if runs of the first in order diverged.
  public var winner: Int?
  /// The first in order against each other arm, on the test images.
  public var leads: [Lead]

  /// The leader's macro F1 less that of another arm.
  public struct Lead: Codable, Hashable, Sendable {
    public var arm: Int
    public var macroF1: Difference
    /// Whether the interval includes 0: the two cannot be separated.
    public var isInseparable: Bool
  }

  /// Arms that the leader cannot be separated from, in ranking order.
  public var inseparable: [Int] { leads.filter(\.isInseparable).map(\.arm) }
}
