public import BalanceCore

/// Plans the epochs of one training split: what `SamplingStrategy.plan` does, with the images
/// sorted by class once for many epochs.
public struct EpochPlanner: Sendable {
  public let strategy: SamplingStrategy
  public let seed: UInt64
  let groups: ClassGroups
  let aliases: AliasTable?

  /// - Parameters:
  ///   - labels: the class of each image, in `0..<classCount`; positions in it are what `Draw.image`
  ///     holds. Classes without images are never drawn.
  /// - Throws: `BalanceError` for no images, a label out of range, or an exponent outside 0...1.
  public init(
    _ strategy: SamplingStrategy, labels: [Int], classCount: Int, seed: UInt64
  ) throws(BalanceError) {
    try strategy.validate()
    self.strategy = strategy
    self.seed = seed
    groups = try ClassGroups(labels: labels, classCount: classCount)
    if case .weighted = strategy {
      aliases = AliasTable(shares: strategy.expectedShares(groups.counts), groups: groups)
    } else {
      aliases = nil
    }
  }

  /// The number of draws of one pass, `PlanLength.natural`.
  public var passLength: Int {
    let occupied = groups.occupied.map { groups.counts[$0] }
    return switch strategy {
    case .none, .weighted: groups.imageCount
    case .undersample: occupied.count * (occupied.min() ?? 0)
    case .oversample: occupied.count * (occupied.max() ?? 0)
    }
  }

  /// The plan of one epoch. Pass p is drawn with numbers keyed by (seed, p), so no earlier pass is
  /// generated; only the passes that the epoch touches are.
  ///
  /// - Complexity: O(N + n + one pass).
  /// - Throws: `BalanceError` with code `usage` for a negative epoch or fewer than one draw.
  public func plan(epoch: Int, length: PlanLength) throws(BalanceError) -> EpochPlan {
    let passLength = passLength
    let wanted =
      switch length {
      case .natural: passLength
      case .draws(let count): count
      }
    guard wanted > 0 else {
      throw BalanceError(
        .usage, "an epoch of \(wanted) draws was asked for", remedy: "ask for at least one")
    }
    let (start, overflow) = epoch.multipliedReportingOverflow(by: wanted)
    guard epoch >= 0, !overflow, start <= Int.max / 2, wanted <= Int.max / 4 else {
      throw BalanceError(
        .usage, "epoch \(epoch) of \(wanted) draws cannot be planned",
        remedy: "epochs count from 0")
    }
    let end = start + wanted
    var generator = PassGenerator(self, length: passLength)
    let draws = [Draw](unsafeUninitializedCapacity: wanted) { draws, initialized in
      let lastPass = (end - 1) / passLength
      for pass in start / passLength...lastPass {
        let first = pass * passLength
        let range = max(start, first) - first..<min(end, first + passLength) - first
        generator.generate(pass)
        generator.number(
          range, into: draws.baseAddress! + (first + range.lowerBound - start),
          isLast: pass == lastPass)
      }
      initialized = wanted
    }
    return EpochPlan(draws: draws, strategy: strategy, seed: seed, epoch: epoch)
  }
}

extension SamplingStrategy {
  /// The plan of one epoch; see `EpochPlanner` for many.
  ///
  /// - Throws: `BalanceError` for no images, a label outside `0..<classCount`, an exponent outside
  ///   0...1, a negative epoch, or fewer than one draw.
  public func plan(
    labels: [Int], classCount: Int, seed: UInt64, epoch: Int, length: PlanLength
  ) throws(BalanceError) -> EpochPlan {
    try EpochPlanner(self, labels: labels, classCount: classCount, seed: seed)
      .plan(epoch: epoch, length: length)
  }
}
