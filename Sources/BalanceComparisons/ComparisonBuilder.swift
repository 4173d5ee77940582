import BalanceCore

/// The steps from runs to a comparison.
struct ComparisonBuilder {
  let runs: [ComparedRun]
  let diverged: [DivergedRun]
  let set: TestSet
  let options: ComparisonOptions
  let grouping: ArmGrouping
  let data: Comparison.DataSummary
  let bands: [SupportBand]
  let scores: [CountScores]
  /// See `TestSet.occurring`.
  let occurring: [Int]

  init(
    _ runs: [ComparedRun], diverged: [RunRecord], set: TestSet, options: ComparisonOptions
  ) {
    self.runs = runs
    self.set = set
    self.options = options
    grouping = ArmGrouping(runs.map(\.record))
    self.diverged = ArmGrouping.named(diverged, beside: runs.map(\.record))
    let training = runs[grouping.members[0][0]].record.trainingCounts
    data = Comparison.DataSummary(training: training, set: set)
    bands = SupportBand.bands(training)
    occurring = set.occurring
    let priors = training.priors
    scores = set.predicted.map { predicted in
      CountScores(truth: set.truth, predicted: predicted, support: set.support, priors: priors)
    }
  }

  func build(threads: Int) -> Comparison {
    let bootstrap = PairedBootstrap(
      set, priors: data.trainingCounts.priors, bands: bands.map(\.classes), options: options)
    let levels = grouping.members.map { members in
      Contrast(runs: members, references: nil, seeds: members.map { runs[$0].record.seed })
    }
    let differences = grouping.members.indices.map { contrast($0, grouping.references[$0]) }
    let order = ranked(levels)
    let leads = order.dropFirst().map { arm in
      var lead = contrast(order[0], arm)
      lead?.isDetailed = false
      return lead
    }
    let contrasts = levels + differences.compactMap { $0 } + leads.compactMap { $0 }
    let draws = bootstrap.run(contrasts, threads: threads)
    let reader = ContrastReader(
      contrasts: contrasts, draws: draws, scores: scores, support: set.support, bands: bands,
      options: options)

    var next = levels.count
    var arms: [Arm] = []
    for index in levels.indices {
      var arm = self.arm(index, reader: reader)
      if let contrast = differences[index] {
        arm.difference = difference(index, contrast, at: next, reader: reader)
        next += 1
      }
      arms.append(arm)
    }
    adjust(&arms)
    var alerts = self.alerts() + divergenceAlerts()
    alerts += AlertWriter.testSet(data, occurring: Set(occurring), options: options)
    alerts.sort { Self.gravity($0.level) < Self.gravity($1.level) }
    let isValid = !alerts.contains { $0.level == .invalidating }
    let hasValidation = arms.allSatisfy { $0.validationMacroF1 != nil }
    let isWhole = !diverged.contains { $0.arm == arms[order[0]].name }
    var ranking = Ranking(
      basis: hasValidation ? .validation : .test, order: order,
      winner: hasValidation && isValid && isWhole && arms.count > 1 ? order[0] : nil, leads: [])
    for (arm, contrast) in zip(order.dropFirst(), leads) where contrast != nil {
      let lead = reader.difference(next, reader.draws.layout.macroF1, testImages: set.count)
      ranking.leads.append(
        Ranking.Lead(arm: arm, macroF1: lead, isInseparable: lead.interval.contains(0)))
      next += 1
    }
    var comparison = Comparison(
      options: options, data: data, alerts: alerts, bands: bands, arms: arms, baseline: 0,
      baselineReason: grouping.baselineReason, ranking: ranking,
      gap: Comparison.Gap(arms[0], data: data), verdict: "",
      runs: grouping.members.flatMap { $0.map { runs[$0].record } }, diverged: diverged,
      differingSettings: SettingsDiff.differing(
        grouping.members.map { $0.map { runs[$0].record } }))
    comparison.verdict = VerdictWriter(comparison).text
    return comparison
  }

  /// The paired runs of two arms over the seeds that both have, nil without any.
  private func contrast(_ arm: Int, _ reference: Int) -> Contrast? {
    guard arm != reference else { return nil }
    var bySeed: [UInt64: Int] = [:]
    for run in grouping.members[reference] { bySeed[runs[run].record.seed] = run }
    let pairs = grouping.members[arm].compactMap { run in
      bySeed[runs[run].record.seed].map { (run, $0) }
    }
    guard !pairs.isEmpty else { return nil }
    return Contrast(
      runs: pairs.map(\.0), references: pairs.map(\.1), seeds: pairs.map { runs[$0.0].record.seed })
  }

  private func ranked(_ levels: [Contrast]) -> [Int] {
    let validation = grouping.members.map(validationMacroF1)
    let byTest = levels.map { level in
      level.runs.reduce(0) { $0 + scores[$1].macroF1 } / Double(level.runs.count)
    }
    let keys = validation.contains { $0 == nil } ? byTest : validation.compactMap { $0 }
    return keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }
  }

  func validationMacroF1(_ members: [Int]) -> Double? {
    let each = members.compactMap { validationMacroF1(run: $0) }
    return each.count == members.count ? each.reduce(0, +) / Double(each.count) : nil
  }

  func validationMacroF1(run: Int) -> Double? {
    guard let table = runs[run].validation, table.count > 0,
      table.classNames == set.classNames
    else { return nil }
    let support = ClassCounts(names: table.classNames, labels: table.truth).counts
    return CountScores(
      truth: table.truth.map(Int32.init), predicted: table.predicted.map(Int32.init),
      support: support, priors: data.trainingCounts.priors
    ).macroF1
  }

  private static func gravity(_ level: Comparison.Alert.Level) -> Int {
    Comparison.Alert.Level.allCases.firstIndex(of: level) ?? 0
  }
}
