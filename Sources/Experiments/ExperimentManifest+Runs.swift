public import BalanceCore
public import Training

extension ExperimentManifest {
  /// The configurations of all runs: every arm with the first seed, then with the second, and so
  /// on, so that an interrupted experiment has whole rounds.
  ///
  /// An arm that the grid and the list both have is run once.
  ///
  /// - Throws: `BalanceError` with code `usage` for unknown names or values, for no arms or no
  ///   seeds, for a seed given twice, and for arms that would not take the same optimizer steps.
  public func runs() throws(BalanceError) -> [TrainingConfiguration] {
    var remedies: [TrainingConfiguration] = []
    for strategy in strategies {
      for loss in losses {
        var configuration = training
        try configuration.set("strategy", to: strategy)
        try configuration.setLoss(loss)
        if !remedies.contains(configuration) { remedies.append(configuration) }
      }
    }
    for arm in arms {
      var configuration = training
      for setting in arm.settings { try configuration.set(setting.name, to: setting.text) }
      if !remedies.contains(configuration) { remedies.append(configuration) }
    }
    guard !remedies.isEmpty else {
      throw BalanceError(
        .usage, "there is nothing to compare", remedy: "give strategies and losses, or arms")
    }
    for remedy in remedies {
      try remedy.checkFineTuning()
      try remedy.checkOptimization()
      try remedy.checkLoss()
    }
    guard !seeds.isEmpty else {
      throw BalanceError(.usage, "there are no seeds", remedy: "give seeds: [0, 1, 2]")
    }
    guard Set(seeds).count == seeds.count else {
      throw BalanceError(.usage, "a seed is given twice", remedy: "give each seed once")
    }
    for other in remedies.dropFirst()
    where other.epochs != remedies[0].epochs || other.batchSize != remedies[0].batchSize {
      throw BalanceError(
        .usage, "the arms differ in epochs or batch size, and so in optimizer steps",
        remedy: "give epochs and batch-size once, under training")
    }
    return seeds.flatMap { seed in
      remedies.map { configuration in
        var run = configuration
        run.seed = seed
        return run
      }
    }
  }
}
