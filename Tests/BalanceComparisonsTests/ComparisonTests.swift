import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import BalanceMetrics
import Foundation
import Testing

@Suite("Comparison")
struct ComparisonTests {
  private let digits = SyntheticRuns.longTail(
    classes: 10, maximum: 145, ratio: 50, test: 45, seeds: 5)

  @Test("scores equal a plain recount of the predictions")
  func recount() throws {
    let runs = digits.runs()
    let comparison = try Comparison(runs)
    let priors = digits.trainingCounts.map {
      Double($0) / Double(digits.trainingCounts.reduce(0, +))
    }
    for arm in comparison.arms {
      for seed in arm.seeds {
        let run = try #require(runs.first { $0.record.name == seed.run })
        let pairs = Array(zip(run.test.truth, run.test.predicted))
        var f1 = 0.0
        var weighted = 0.0
        for c in 0..<10 {
          let hits = Double(pairs.count { $0 == (c, c) })
          let support = Double(pairs.count { $0.0 == c })
          let claims = Double(pairs.count { $0.1 == c })
          f1 += 2 * hits / (support + claims) / 10
          weighted += priors[c] * hits / support
        }
        #expect(abs(seed.macroF1 - f1) < 1e-12)
        #expect(abs(seed.priorWeightedAccuracy - weighted) < 1e-12)
        let accuracy = Double(pairs.count { $0.0 == $0.1 }) / Double(pairs.count)
        #expect(abs(seed.accuracy - accuracy) < 1e-12)
      }
      let mean = arm.seeds.reduce(0) { $0 + $1.macroF1 } / 5
      #expect(abs(arm.macroF1.mean - mean) < 1e-12)
      #expect(arm.macroF1.interval.contains(mean))
      #expect(arm.confusion.dense.reduce(0, +) == 5 * 450)
      let diagonal = (0..<10).reduce(0) { $0 + arm.confusion.dense[$1 * 11] }
      #expect(abs(Double(diagonal) / 2250 - arm.accuracy.mean) < 1e-12)
    }
  }

  @Test("images whose names differ in bytes alone stay two")
  func namesInTwoForms() throws {
    let images = ["caf\u{E9}.png", "cafe\u{301}.png", "x.png", "y.png"]
    let truth = [0, 1, 0, 1]
    func run(_ strategy: String, order: [Int]) -> ComparedRun {
      var run = BootstrapTests.run(strategy, seed: 0, truth: truth, truth)
      run.test = PredictionTable(
        classNames: run.test.classNames, images: order.map { images[$0] },
        groups: order.map { images[$0] }, truth: order.map { truth[$0] },
        probabilities: order.flatMap { truth[$0] == 0 ? [1, 0] : [0, 1] })
      return run
    }
    let comparison = try Comparison([
      run("none", order: [0, 1, 2, 3]), run("weighted", order: [3, 1, 0, 2]),
    ])
    #expect(comparison.arms.allSatisfy { $0.accuracy.mean == 1 })
    #expect(comparison.data.testGroups == 4)
  }

  @Test("scores equal those of an evaluation of the same predictions")
  func evaluation() throws {
    for runs in [digits, SyntheticRuns.composite] {
      let runs = runs.runs()
      let comparison = try Comparison(runs, options: ComparisonOptions(draws: 20))
      for seed in comparison.arms.flatMap(\.seeds) {
        let run = try #require(runs.first { $0.record.name == seed.run })
        let evaluation = Evaluation(run.test, trainingCounts: run.record.trainingCounts)
        #expect(abs(seed.macroF1 - evaluation.macro.f1) < 1e-12)
        #expect(abs(seed.accuracy - evaluation.accuracy) < 1e-12)
        #expect(abs(seed.expectedCalibrationError - evaluation.ece) < 1e-12)
        let prior = try #require(evaluation.priorWeightedAccuracy)
        #expect(abs(seed.priorWeightedAccuracy - prior) < 1e-12)
      }
    }
  }

  @Test("plain cross-entropy is the baseline wherever it is, and the gap is its own")
  func baseline() throws {
    let comparison = try Comparison(digits.runs().reversed())
    #expect(comparison.arms[comparison.baseline].name == "plain cross-entropy")
    #expect(comparison.arms[0].difference == nil)
    #expect(comparison.arms.dropFirst().allSatisfy { $0.difference != nil })
    #expect(comparison.data.testSharesDiffer)
    #expect(comparison.gap.accuracyName.contains("own class frequencies"))
    #expect(comparison.gap.accuracy == comparison.arms[0].priorWeightedAccuracy)
    #expect(comparison.gap.difference > 0.05)
    #expect(comparison.runs.count == 35)
  }

  @Test("class-weighted cross-entropy is not plain")
  func weightedIsNotPlain() throws {
    var runs = SyntheticRuns.longTail(
      classes: 3, maximum: 100, ratio: 10, test: 20, seeds: 2,
      remedies: [.init("none", "cross-entropy", rare: 0, common: 0)]
    ).runs()
    for index in runs.indices { runs[index].record.settings["class-weights"] = "inverse" }
    let comparison = try Comparison(runs)
    #expect(comparison.arms[0].name == "inverse weights")
    #expect(comparison.baselineReason.contains("no arm with plain cross-entropy"))
  }

  @Test("arms that differ in another setting stay apart and say so")
  func otherSettings() throws {
    let plain = SyntheticRuns.longTail(
      classes: 3, maximum: 100, ratio: 10, test: 20, seeds: 2,
      remedies: [.init("none", "cross-entropy", rare: 0, common: 0)]
    ).runs()
    let augmented = plain.map { run in
      var run = run
      run.record.settings["augment"] = "crop:4"
      return run
    }
    let comparison = try Comparison(plain + augmented, options: ComparisonOptions(draws: 50))
    #expect(
      comparison.arms.map(\.name) == ["plain cross-entropy", "cross-entropy, augment crop:4"])
    #expect(comparison.arms.map(\.seeds.count) == [2, 2])
    #expect(!comparison.alerts.contains { $0.title.contains("left out") })
  }

  @Test("the winner is chosen on validation, and never called where it cannot be separated")
  func winner() throws {
    let comparison = try digits.comparison()
    #expect(comparison.ranking.basis == .validation)
    let winner = try #require(comparison.ranking.winner)
    let best = comparison.arms.compactMap(\.validationMacroF1).max()
    #expect(comparison.arms[winner].validationMacroF1 == best)
    #expect(comparison.ranking.leads.count == 6)
    for lead in comparison.ranking.leads {
      #expect(lead.isInseparable == lead.macroF1.interval.contains(0))
    }
    var without = digits
    without.hasValidation = false
    let unchosen = try without.comparison()
    #expect(unchosen.ranking.winner == nil)
    #expect(unchosen.ranking.basis == .test)
    #expect(unchosen.verdict.contains("no winner is declared"))
  }

  @Test("differences are paired over the seeds that both arms have")
  func missingSeeds() throws {
    var runs = digits.runs()
    runs.removeAll { $0.record.strategy == "oversample" && $0.record.seed >= 3 }
    let comparison = try Comparison(runs)
    let arm = try #require(comparison.arms.first { $0.name == "oversample" })
    #expect(arm.difference?.perSeed.map(\.seed) == [0, 1, 2])
    #expect(comparison.alerts.contains { $0.title.contains("oversample lacks 2\u{A0}seeds") })
    let reference = comparison.arms[0].seeds.prefix(3).reduce(0) { $0 + $1.macroF1 } / 3
    let mean = try #require(arm.difference).macroF1.mean
    #expect(abs(mean - (arm.macroF1.mean - reference)) < 1e-12)
  }

  @Test("one seed is said to measure no variation")
  func oneSeed() throws {
    let one = SyntheticRuns.longTail(classes: 10, maximum: 145, ratio: 50, test: 45, seeds: 1)
    let comparison = try one.comparison()
    let alert = try #require(comparison.alerts.first { $0.title.contains("unmeasured") })
    #expect(alert.level == .warning)
    #expect(comparison.intervalBasis == "test images (one seed)")
    #expect(comparison.arms.allSatisfy { $0.macroF1.deviation == nil })
    #expect(comparison.arms[1].difference?.signFlip.pValue == 1)
  }

  /// Nanoseconds that a core has run the calling thread.
  private var processorTime: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  @Test("two classes have no bands, a thousand cost about ten times what a hundred do")
  func extremes() throws {
    let two = SyntheticRuns.longTail(classes: 2, maximum: 900, ratio: 30, test: 100, seeds: 5)
    #expect(try two.comparison().bands.isEmpty)
    // What this thread computes, however busy the machine is with other tests.
    func measured(classes: Int) throws -> (Comparison, Int) {
      let runs = SyntheticRuns.longTail(
        classes: classes, maximum: 1280, ratio: 256, test: 4, seeds: 2,
        remedies: Array(SyntheticRuns.sevenArms.prefix(3))
      ).runs()
      let started = processorTime
      let comparison = try Comparison(runs, options: ComparisonOptions(draws: 400), threads: 1)
      return (comparison, processorTime - started)
    }
    let fewer = try (0..<3).map { _ in try measured(classes: 100).1 }.min() ?? 0
    let (comparison, time) = try measured(classes: 1000)
    // A cost that grows with the square would be a hundred times as much.
    #expect(time < fewer * 40, "\(time) ns for a thousand classes, \(fewer) for a hundred")
    #expect(comparison.bands.count == 3)
    #expect(
      comparison.arms[1].difference?.classes.allSatisfy { $0.f1.verdict == .notJudged } == true)
    #expect(comparison.arms[1].difference?.classes.allSatisfy { $0.adjustedP == nil } == true)
  }

  @Test("any number of threads draws the same")
  func threads() throws {
    let runs = digits.runs()
    let options = ComparisonOptions(draws: 150)
    let alone = try Comparison(runs, options: options, threads: 1)
    for threads in [2, 3, 7, nil] {
      #expect(try Comparison(runs, options: options, threads: threads) == alone)
    }
    #expect(throws: BalanceError.self) { try Comparison(runs, options: options, threads: 0) }
  }

  @Test("one arm alone is shown and not judged")
  func oneArm() throws {
    var alone = digits
    alone.remedies = [SyntheticRuns.sevenArms[0]]
    let comparison = try alone.comparison()
    #expect(comparison.focus == nil)
    #expect(comparison.ranking.winner == nil)
    #expect(comparison.verdict.contains("only one arm"))
  }

  @Test("the verdict is at most 60 words in every case")
  func verdictLength() throws {
    var long = digits
    long.remedies[1] = .init("weighted:0.5", "label-smoothing:0.1", rare: 0.3, common: -0.1)
    for runs in [digits, long, .composite] {
      let verdict = try runs.comparison(ComparisonOptions(draws: 200)).verdict
      #expect(!verdict.isEmpty)
      #expect(verdict.split(whereSeparator: \.isWhitespace).count <= 60, "\(verdict)")
      #expect(!verdict.contains("±") && !verdict.contains("-0."))
      #expect(!verdict.lowercased().contains("significant") && !verdict.contains("best"))
    }
  }

  @Test("JSON gives the comparison back")
  func json() throws {
    let comparison = try digits.comparison(ComparisonOptions(draws: 100))
    let data = try CanonicalJSON.encode(comparison)
    #expect(try CanonicalJSON.decode(Comparison.self, from: data) == comparison)
  }
}
