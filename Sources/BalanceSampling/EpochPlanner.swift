public import BalanceCore

/// Plans the epochs of one training split, with the images sorted by class once for all of them.
public struct EpochPlanner: Sendable {
  public let schedule: SamplingSchedule
  public let seed: UInt64
  let groups: ClassGroups

  /// - Parameters:
  ///   - labels: the class of each image, in `0..<classCount`; positions in it are what
  ///     `Draw.image` holds. Classes without images are never drawn.
  /// - Throws: `BalanceError` for no images, or a label out of range.
  public init(
    _ schedule: SamplingSchedule, labels: [Int], classCount: Int, seed: UInt64
  ) throws(BalanceError) {
    self.schedule = schedule
    self.seed = seed
    groups = try ClassGroups(labels: labels, classCount: classCount)
  }

  /// What a pass of an epoch, counted from 0, draws.
  public func rule(epoch: Int) -> PassRule { schedule.rule(groups.counts, inEpoch: epoch) }

  /// The plan of one epoch. Pass p is drawn with numbers keyed by (seed, p), so no earlier pass is
  /// generated; only the passes that the epoch touches are.
  ///
  /// - Complexity: O(N + n + one pass).
  /// - Throws: `BalanceError` with code `usage` for a negative epoch or fewer than one draw.
  public func plan(epoch: Int, length: PlanLength) throws(BalanceError) -> EpochPlan {
    let rule = rule(epoch: epoch)
    let passLength = rule.length(groups.counts)
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
    var generator = PassGenerator(rule, groups: groups, seed: seed)
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
    return EpochPlan(
      draws: draws, strategy: schedule.strategy(inEpoch: epoch), rule: rule, seed: seed,
      epoch: epoch)
  }
}
