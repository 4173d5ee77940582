public import BalanceCore

/// A sampling strategy: how often the images of each class are drawn in training.
///
/// One of the user's own goes in like those of the catalog: `SamplingStrategy(MySampler())`.
public protocol Sampler: SpelledCase {
  /// What a pass draws in an epoch, counted from 0, of so many. A strategy that is the same
  /// throughout does not look at the epoch.
  ///
  /// - Parameter counts: images of each class; a class without images is never drawn.
  func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule
}

/// What one pass draws.
public enum PassRule: Hashable, Sendable {
  /// Every image once, in random order.
  case everyImage
  /// So many draws of each class, in random order: each of its images ⌊draws / n_c⌋ times, and a
  /// random remainder once more. Repeats are numbered copies.
  case perClass([Int])
  /// As many draws as there are images, each by itself: class c with probability `shares[c]`, then
  /// an image of it uniformly, with replacement. Shares add up to 1.
  case independent(shares: [Double])

  /// The number of draws.
  public func length(_ counts: [Int]) -> Int {
    switch self {
    case .everyImage, .independent: counts.reduce(0, +)
    case .perClass(let draws): draws.reduce(0, +)
    }
  }

  /// The share of each class among the draws of many passes; 0 for a class without images.
  public func expectedShares(_ counts: [Int]) -> [Double] {
    switch self {
    case .everyImage: Self.shares(counts.map(Double.init))
    case .perClass(let draws): Self.shares(draws.map(Double.init))
    case .independent(let shares): shares
    }
  }

  /// Numbers as shares of their sum; 0 where that is 0.
  static func shares(_ values: [Double]) -> [Double] {
    let total = values.reduce(0, +)
    return values.map { total > 0 ? $0 / total : 0 }
  }
}
