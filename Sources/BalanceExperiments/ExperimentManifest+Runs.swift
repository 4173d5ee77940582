public import BalanceCore
public import BalanceTraining

extension ExperimentManifest {
  /// An arm of the grid whose parts make no sense together.
  public struct LeftOutArm: Hashable, Sendable {
    /// `STRATEGY, LOSS`, as the lists spell them.
    public let name: String
    /// Why, without a full stop.
    public let reason: String
  }

  /// What there is to run.
  public struct Grid: Hashable, Sendable {
    /// Every arm with the first seed, then with the second, and so on, so that an interrupted
    /// experiment has whole rounds.
    public let runs: [TrainingConfiguration]
    /// In the order of the grid.
    public let leftOut: [LeftOutArm]
  }

  /// The configurations of all runs, and what the grid has besides that makes no sense.
  ///
  /// An arm that the grid and the list both have is run once.
  ///
  /// - Throws: `BalanceError` with code `usage` for unknown names or values, for an arm of the list
  ///   that makes no sense and a grid in which none does, for no arms or no seeds, for a seed or an
  ///   arm of the list given twice, and for arms that would not take the same optimizer steps.
  public func grid() throws(BalanceError) -> Grid {
    var remedies: [TrainingConfiguration] = []
    var leftOut: [LeftOutArm] = []
    var refusal: BalanceError?
    var ownSeeds: [TrainingConfiguration: [UInt64]] = [:]
    for strategy in strategies {
      for loss in losses {
        var configuration = training
        do {
          try configuration.setStrategy(strategy)
          try configuration.setLoss(loss)
        } catch {
          throw Self.ofTheGrid(error)
        }
        if remedies.contains(configuration) { continue }
        do {
          try configuration.validate()
          remedies.append(configuration)
        } catch {
          let name = "\(configuration.remedy.spelled)"
          leftOut.append(LeftOutArm(name: name, reason: error.what))
          refusal = refusal ?? Self.ofTheGrid(error)
        }
      }
    }
    var listed: Set<TrainingConfiguration> = []
    for arm in arms {
      var configuration = training
      for setting in arm.settings { try configuration.set(setting.name, to: setting.text) }
      try configuration.validate()
      guard listed.insert(configuration).inserted else {
        throw BalanceError(
          .usage,
          "two of the arms are the same: \(configuration.remedy.spelled)",
          remedy: "give it once, with all its seeds (seeds: [0, 1, 2])")
      }
      if !remedies.contains(configuration) { remedies.append(configuration) }
      ownSeeds[configuration] = arm.seeds
    }
    guard !remedies.isEmpty else {
      if let refusal { throw refusal }
      throw BalanceError(
        .usage, "there is nothing to compare", remedy: "give strategies and losses, or arms")
    }
    var allSeeds: [UInt64] = []
    for list in [seeds] + remedies.compactMap({ ownSeeds[$0] }) {
      guard !list.isEmpty else {
        throw BalanceError(
          .usage, "there are no seeds", at: "seeds", remedy: "give some: [0, 1, 2]")
      }
      guard Set(list).count == list.count else {
        throw BalanceError(
          .usage, "a seed is given twice", at: "seeds", remedy: "give each seed once")
      }
      allSeeds += list.filter { !allSeeds.contains($0) }
    }
    for other in remedies.dropFirst()
    where other.epochs != remedies[0].epochs || other.batchSize != remedies[0].batchSize
      || other.accumulation != remedies[0].accumulation
    {
      throw BalanceError(
        .usage,
        "the arms differ in epochs, batch size or accumulation, and so in optimizer steps",
        remedy: "give epochs, batch-size and accumulate once, under training")
    }
    if remedies.contains(where: { $0.earlyStopping != .none }) {
      throw BalanceError(
        .usage, "with early stopping the arms would not take the same optimizer steps",
        at: "early-stopping", remedy: "leave it out; 'keep: best' takes each run's best epoch")
    }
    let runs = allSeeds.flatMap { seed in
      remedies.filter { (ownSeeds[$0] ?? seeds).contains(seed) }.map { configuration in
        var run = configuration
        run.seed = seed
        return run
      }
    }
    return Grid(runs: runs, leftOut: leftOut)
  }

  /// The error at the list that its setting comes from.
  private static func ofTheGrid(_ error: BalanceError) -> BalanceError {
    switch error.place {
    case "strategy", "defer-strategy": error.located(at: "strategies")
    case "loss", "class-weights", "defer-weights": error.located(at: "losses")
    default: error
    }
  }
}
