public import BalanceCore

/// Which sampling holds in which epoch of a run: a strategy from the beginning, or deferred (DRS),
/// so that features are learnt from all images alike before classes are drawn otherwise.
///
/// Source: Cao et al., *Learning imbalanced datasets with label-distribution-aware margin loss*,
/// NeurIPS 2019, appendix.
public struct SamplingSchedule: Hashable, Sendable {
  public let strategy: SamplingStrategy
  /// The first epoch, counted from 1, that is sampled by `strategy`; before it every image comes
  /// once a pass. Nil for all epochs.
  public let from: Int?
  public let epochs: Int

  /// - Throws: `BalanceError` with code `usage`, at the setting that does not fit the others: a
  ///   deferral of no strategy, or until after the last epoch.
  public init(_ strategy: SamplingStrategy, from: Int? = nil, epochs: Int) throws(BalanceError) {
    if let from {
      guard strategy != .none else {
        throw BalanceError(
          .usage, "there is no resampling to defer", at: "defer-strategy",
          remedy: "give a strategy, such as weighted")
      }
      guard from <= epochs else {
        throw BalanceError.neverComes(epoch: from, of: epochs, at: "defer-strategy")
      }
    }
    self.strategy = strategy
    self.from = from
    self.epochs = epochs
  }

  /// The strategy throughout.
  public init(constant strategy: SamplingStrategy, epochs: Int) {
    self.strategy = strategy
    from = nil
    self.epochs = epochs
  }

  /// The strategy of an epoch, counted from 0.
  public func strategy(inEpoch epoch: Int) -> SamplingStrategy {
    isDeferred(inEpoch: epoch) ? .none : strategy
  }

  /// What a pass draws in an epoch, counted from 0. A strategy that changes over the run begins in
  /// the first epoch that is its own.
  public func rule(_ counts: [Int], inEpoch epoch: Int) -> PassRule {
    if isDeferred(inEpoch: epoch) { return .everyImage }
    let before = (from ?? 1) - 1
    return strategy.sampler.rule(counts, epoch: epoch - before, of: epochs - before)
  }

  private func isDeferred(inEpoch epoch: Int) -> Bool { from.map { epoch + 1 < $0 } ?? false }

  /// The first epoch, counted from 0, and any in which the rule is another than at first: for a
  /// strategy that changes all the time the first of its own, the middle one and the last.
  public func phases(_ counts: [Int]) -> [Int] {
    let first = (from ?? 1) - 1
    let candidates = [0, first, (first + epochs - 1) / 2, epochs - 1]
    var phases: [Int] = []
    for epoch in candidates where (0..<max(epochs, 1)).contains(epoch) {
      let isNew = phases.allSatisfy { rule(counts, inEpoch: $0) != rule(counts, inEpoch: epoch) }
      if isNew { phases.append(epoch) }
    }
    return phases
  }
}
