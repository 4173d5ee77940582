import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import Foundation
import Testing

@Suite("Paired bootstrap")
struct BootstrapTests {
  private typealias Golden = StatisticsGoldens

  @Test("the interval agrees with numpy's over the same answers")
  func numpy() throws {
    let runs =
      Golden.plain.enumerated().map { Self.run("none", seed: $0, truth: Golden.truth, $1) }
      + Golden.remedy.enumerated().map { Self.run("weighted", seed: $0, truth: Golden.truth, $1) }
    let comparison = try Comparison(runs, options: ComparisonOptions(draws: 20_000))
    let macroF1 = try #require(comparison.arms[1].difference).macroF1
    #expect(abs(macroF1.mean - Golden.meanDifference) < 1e-12)
    // The standard error of either end at 20,000 and 40,000 draws is about 0.0008.
    #expect(abs(macroF1.interval.lower - Golden.lower) < 0.004)
    #expect(abs(macroF1.interval.upper - Golden.upper) < 0.004)
  }

  @Test("a 95 % interval covers the true difference about 95 times in 100")
  func coverage() throws {
    // Two arms that answer right with chances 0.70 and 0.78, image by image and seed by seed, so
    // the true difference in accuracy is 0.08.
    let truth = (0..<200).map { $0 % 2 }
    var covered = 0
    let trials = 200
    for trial in 0..<trials {
      let runs = [("none", 0.70), ("weighted", 0.78)].enumerated().flatMap { arm, entry in
        (0..<4).map { seed in
          var generator = KeyedGenerator(seed: UInt64(trial), .test, seed, arm)
          let answers = truth.map { generator.uniform() < entry.1 ? $0 : 1 - $0 }
          return Self.run(entry.0, seed: seed, truth: truth, answers)
        }
      }
      let comparison = try Comparison(
        runs, options: ComparisonOptions(draws: 300, seed: UInt64(trial)))
      let accuracy = try #require(comparison.arms[1].difference).accuracy
      if accuracy.interval.contains(0.08) { covered += 1 }
    }
    // Resampling seeds and images both, where only the answers are random, errs on the wide side.
    #expect(covered >= trials * 90 / 100, "covered \(covered) of \(trials)")
  }

  @Test("the same key gives the same comparison, another key nearly the same intervals")
  func reproducible() throws {
    let runs = SyntheticRuns.longTail(classes: 4, maximum: 200, ratio: 20, test: 30, seeds: 3)
    let first = try runs.comparison(ComparisonOptions(draws: 500))
    #expect(try runs.comparison(ComparisonOptions(draws: 500)) == first)
    let other = try runs.comparison(ComparisonOptions(draws: 500, seed: 9))
    #expect(other != first)
    for (a, b) in zip(first.arms, other.arms) {
      #expect(abs(a.macroF1.interval.lower - b.macroF1.interval.lower) < 0.02)
      #expect(a.macroF1.mean == b.macroF1.mean)
    }
  }

  @Test("arms that answer alike differ by exactly nothing")
  func identical() throws {
    let runs = SyntheticRuns.longTail(
      classes: 3, maximum: 100, ratio: 10, test: 20, seeds: 2,
      remedies: [.init("none", "cross-entropy", rare: 0, common: 0)]
    ).runs()
    let copies = runs.map { run in
      var copy = run
      copy.record.strategy = "oversample"
      return copy
    }
    let comparison = try Comparison(runs + copies)
    let difference = try #require(comparison.arms[1].difference)
    #expect(difference.macroF1.interval == Interval(lower: 0, upper: 0))
    #expect(difference.macroF1.verdict == .same)
    #expect(difference.macroF1.pValue == 1)
    #expect(difference.signFlip.pValue == 1)
    #expect(difference.confusions.isEmpty)
  }

  @Test("images of a group stand or fall together, so groups widen the interval")
  func groups() throws {
    let truth = (0..<240).map { $0 / 120 }
    // All 12 images of a group are answered alike.
    func answers(_ key: Int, chance: Double) -> [Int] {
      truth.indices.map { image in
        var generator = KeyedGenerator(seed: 3, .test, image / 12, key)
        return generator.uniform() < chance ? truth[image] : 1 - truth[image]
      }
    }
    func width(grouped: Bool) throws -> Double {
      let groups = grouped ? truth.indices.map { "group \($0 / 12)" } : nil
      let runs = [("none", 0.7), ("weighted", 0.8)].enumerated().flatMap { arm, entry in
        (0..<2).map {
          Self.run(
            entry.0, seed: $0, truth: truth, answers(arm, chance: entry.1), groups: groups)
        }
      }
      let interval = try #require(Comparison(runs).arms[1].difference).accuracy.interval
      return interval.upper - interval.lower
    }
    // 20 independent groups instead of 240 images: √12 times wider.
    let ratio = try width(grouped: true) / width(grouped: false)
    #expect(abs(ratio - 12.0.squareRoot()) < 0.5, "ratio \(ratio)")
  }

  static func run(
    _ strategy: String, seed: Int, truth: [Int], _ answers: [Int], groups: [String]? = nil
  ) -> ComparedRun {
    let k = (truth.max() ?? 0) + 1
    let names = (0..<k).map { "class \($0)" }
    var record = SyntheticRuns.longTail(
      classes: k, maximum: 100, ratio: 1, test: 1, seeds: 1,
      remedies: [.init(strategy, "cross-entropy", rare: 0, common: 0)]
    ).runs()[0].record
    record.seed = UInt64(seed)
    record.trainingCounts = ClassCounts(names: names, labels: truth)
    return ComparedRun(
      record: record,
      test: PredictionTable(
        classNames: names, images: truth.indices.map { "\($0).png" }, groups: groups, truth: truth,
        probabilities: answers.flatMap { answer in (0..<k).map { $0 == answer ? 1 : 0 } }),
      validation: nil)
  }
}
