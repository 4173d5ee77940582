import BalanceCore
import BalanceMetrics
import BalanceObjectives
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// Corrections of the last layer equal the formulas on the probabilities.
@Suite struct PostHocTests {
  private func run(_ pictures: Pictures, _ postHoc: String, _ settings: [String: String] = [:])
    throws -> TrainingRun
  {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    try configuration.set("post-hoc", to: postHoc)
    return try pictures.training(configuration)
  }

  private func train(_ pictures: Pictures, _ run: TrainingRun, _ name: String) throws -> RunFolder {
    try run.run(
      into: RunFolderWriter(at: pictures.run(name)), pool: ComputePool(threads: 1), observers: [])
  }

  private func expectSameResults(_ one: RunFolder, _ other: RunFolder) throws {
    for file in [RunFolder.File.weights, .predictions, .validation, .evaluation, .model] {
      #expect(try Data(contentsOf: one.location(file)) == Data(contentsOf: other.location(file)))
    }
  }

  @Test(arguments: ["logit-adjustment:0.7", "temperature", "tau-norm:0.5"])
  func aDerivedRunEqualsATrainedOne(postHoc: String) throws {
    try Pictures.with { pictures in
      let base = try train(pictures, run(pictures, "none"), "base")
      let corrected = try run(pictures, postHoc)
      #expect(corrected.isDerivable(from: base))
      let trained = try train(pictures, corrected, "trained")
      let derived = try corrected.run(
        from: base, into: RunFolderWriter(at: pictures.run("derived")),
        pool: ComputePool(threads: 1))
      try expectSameResults(derived, trained)
      #expect(try derived.record().settings == trained.record().settings)
      #expect(
        try Data(contentsOf: derived.location(.weights))
          != Data(contentsOf: base.location(.weights)))
      #expect(try !run(pictures, postHoc, ["seed": "1"]).isDerivable(from: base))
      #expect(!corrected.isDerivable(from: trained))
    }
  }

  /// Where a trained run goes by features that are computed once.
  @Test func aDerivedRunWithAFrozenBackboneEqualsATrainedOne() throws {
    try Pictures.with { pictures in
      let start = try train(pictures, run(pictures, "none"), "start")
      let frozen = ["init": start.url.path, "freeze": "backbone", "new-head": "true"]
      let base = try train(pictures, run(pictures, "none", frozen), "base")
      let corrected = try run(pictures, "tau-norm:0.5", frozen)
      let trained = try train(pictures, corrected, "trained")
      let derived = try corrected.run(
        from: base, into: RunFolderWriter(at: pictures.run("derived")),
        pool: ComputePool(threads: 1))
      try expectSameResults(derived, trained)
    }
  }

  @Test func logitAdjustmentIsBayesRule() throws {
    try Pictures.with { pictures in
      let base = try train(pictures, run(pictures, "none"), "base")
      let adjusted = try run(pictures, "logit-adjustment").run(
        from: base, into: RunFolderWriter(at: pictures.run("adjusted")),
        pool: ComputePool(threads: 1))
      let (before, after) = (try base.predictions(), try adjusted.predictions())
      let shares = try base.record().trainingCounts.priors
      for row in 0..<before.count {
        let weighed = shares.indices.map {
          Double(before.probabilities[row * shares.count + $0]) / shares[$0]
        }
        let total = weighed.reduce(0, +)
        for c in shares.indices {
          #expect(
            abs(Double(after.probabilities[row * shares.count + c]) - weighed[c] / total) < 1e-5)
        }
      }
    }
  }

  @Test func temperatureChangesNoPredictionAndLowersTheValidationLoss() throws {
    try Pictures.with { pictures in
      let base = try train(pictures, run(pictures, "none", ["epochs": "30"]), "base")
      let scaled = try run(pictures, "temperature", ["epochs": "30"]).run(
        from: base, into: RunFolderWriter(at: pictures.run("scaled")),
        pool: ComputePool(threads: 1))
      #expect(try base.predictions().predicted == scaled.predictions().predicted)
      func loss(_ run: RunFolder) throws -> Double {
        let table = try #require(try run.validation())
        return Evaluation(table, trainingCounts: nil).negativeLogLikelihood
      }
      #expect(try loss(scaled) <= loss(base) + 1e-6)
    }
  }

  @Test(arguments: [
    (["loss": "balanced-softmax"], "logit-adjustment", "already"),
    (["loss": "ldam"], "tau-norm", "cosines"),
  ])
  func whatMakesNoSenseIsRefused(_ settings: [String: String], _ postHoc: String, _ words: String)
    throws
  {
    try Pictures.with { pictures in
      let error = #expect(throws: BalanceError.self) { try run(pictures, postHoc, settings) }
      #expect(error?.place == "post-hoc" && error?.what.contains(words) == true)
    }
  }

  @Test(arguments: ["logit-adjust", "temperature:2", "tau-norm:x", "logit-adjustment:1:2", ""])
  func wrongSpellingsAreRefused(text: String) {
    #expect(throws: BalanceError.self) { try PostHoc(parsing: text) }
  }

  @Test(arguments: [
    "none", "logit-adjustment", "tau-norm", "logit-adjustment:0.3", "temperature", "tau-norm:0.5",
  ])
  func spellingsAreReadBack(text: String) throws {
    #expect(try PostHoc(parsing: text).description == text)
  }
}
