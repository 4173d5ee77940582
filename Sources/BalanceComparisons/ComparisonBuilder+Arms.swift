import BalanceCore
import BalanceMetrics

extension ComparisonBuilder {
  func arm(_ index: Int, reader: ContrastReader) -> Arm {
    let members = grouping.members[index]
    let key = grouping.keys[index]
    let layout = reader.draws.layout
    let calibration = members.map { Calibration(runs[$0].test) }
    let seeds = members.enumerated().map { position, run in
      SeedScores(
        seed: runs[run].record.seed, run: runs[run].record.name,
        accuracy: scores[run].accuracy, macroF1: scores[run].macroF1,
        priorWeightedAccuracy: scores[run].priorWeightedAccuracy,
        validationMacroF1: validationMacroF1(run: run),
        expectedCalibrationError: calibration[position].expectedCalibrationError)
    }
    func summary(_ values: [Double], _ quantity: Int) -> SeedSummary {
      SeedSummary(values, interval: reader.draws.interval(index, quantity))
    }
    return Arm(
      name: grouping.names[index], strategy: key.remedy.strategy, loss: key.remedy.loss,
      lossFingerprint: key.fingerprint, model: key.model, seeds: seeds,
      accuracy: summary(seeds.map(\.accuracy), layout.accuracy),
      macroF1: summary(seeds.map(\.macroF1), layout.macroF1),
      priorWeightedAccuracy: summary(
        seeds.map(\.priorWeightedAccuracy), layout.priorWeightedAccuracy),
      validationMacroF1: validationMacroF1(members),
      classes: set.classNames.indices.map { c in
        ClassEstimate(
          f1: reader.estimate(index, layout.f1(c)), recall: reader.estimate(index, layout.recall(c))
        )
      },
      bands: bands.indices.map { reader.estimate(index, layout.band($0)) },
      confusion: confusion(members), calibration: ArmCalibration(calibration),
      difference: nil)
  }

  private func confusion(_ members: [Int]) -> SparseConfusion {
    SparseConfusion(
      classCount: set.classCount, truth: set.truth, predictions: members.map { set.predicted[$0] })
  }

  func difference(
    _ index: Int, _ contrast: Contrast, at position: Int, reader: ContrastReader
  ) -> ArmDifference {
    let layout = reader.draws.layout
    let references = contrast.references ?? []
    func whole(_ quantity: Int) -> Difference {
      reader.difference(position, quantity, testImages: set.count)
    }
    let perSeed = zip(zip(contrast.runs, references), contrast.seeds).map { pair, seed in
      let (run, reference) = (scores[pair.0], scores[pair.1])
      return SeedDifference(
        seed: seed, macroF1: run.macroF1 - reference.macroF1,
        accuracy: run.accuracy - reference.accuracy,
        priorWeightedAccuracy: run.priorWeightedAccuracy - reference.priorWeightedAccuracy)
    }
    let classes = set.classNames.indices.map { c in
      ClassDifference(
        f1: reader.difference(position, layout.f1(c), testImages: set.support[c]),
        recall: reader.difference(position, layout.recall(c), testImages: set.support[c]),
        adjustedP: nil)
    }
    let macroF1 = whole(layout.macroF1)
    let signFlip = SignFlipTest(perSeed.map(\.macroF1), seed: options.seed)
    return ArmDifference(
      reference: grouping.references[index], perSeed: perSeed, macroF1: macroF1,
      accuracy: whole(layout.accuracy), priorWeightedAccuracy: whole(layout.priorWeightedAccuracy),
      signFlip: signFlip, signFlipHolm: signFlip.pValue, bootstrapHolm: macroF1.pValue,
      classes: classes,
      bands: bands.indices.map { band in
        reader.difference(
          position, layout.band(band),
          testImages: bands[band].classes.reduce(0) { $0 + set.support[$1] })
      },
      confusions: ConfusionChange.ranked(
        before: confusion(references), after: confusion(contrast.runs), support: set.support,
        seeds: contrast.seeds.count, minimum: options.minimumTestImages),
      shareFromThinClasses: thinShare(classes.map(\.f1), of: macroF1))
  }

  /// Share of a macro difference that the unjudged classes make.
  private func thinShare(_ classes: [Difference], of whole: Difference) -> Double? {
    guard whole.verdict != .same, abs(whole.mean) > options.tolerance else { return nil }
    let thin = classes.filter { $0.verdict == .notJudged }.reduce(0) { $0 + $1.mean }
    let share = thin / Double(max(1, occurring.count)) / whole.mean
    return share >= 0 && share <= 1 ? share : nil
  }

  /// Holm over the arms, Benjamini–Hochberg over each arm's judged classes.
  func adjust(_ arms: inout [Arm]) {
    let compared = arms.indices.filter { arms[$0].difference != nil }
    let flips = MultipleComparisons.holm(
      compared.compactMap { arms[$0].difference?.signFlip.pValue })
    let draws = MultipleComparisons.holm(
      compared.compactMap { arms[$0].difference?.macroF1.pValue })
    for (position, index) in compared.enumerated() {
      guard var difference = arms[index].difference else { continue }
      difference.signFlipHolm = flips[position]
      difference.bootstrapHolm = draws[position]
      let judged = difference.classes.indices.filter {
        difference.classes[$0].f1.verdict != .notJudged
      }
      let adjusted = MultipleComparisons.benjaminiHochberg(
        judged.map { difference.classes[$0].f1.pValue })
      for (c, p) in zip(judged, adjusted) { difference.classes[c].adjustedP = p }
      arms[index].difference = difference
    }
  }
}
