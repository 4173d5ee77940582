import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import Foundation
import Testing

@Suite("Runs that do not match")
struct ComparisonAlertTests {
  private let runs = SyntheticRuns.longTail(
    classes: 4, maximum: 200, ratio: 20, test: 20, seeds: 2,
    remedies: Array(SyntheticRuns.sevenArms.prefix(2))
  ).runs()
  private let options = ComparisonOptions(draws: 50)

  @Test("matched runs raise no invalidating alert")
  func matched() throws {
    #expect(try Comparison(runs, options: options).isValid)
  }

  @Test(
    "runs that differ in more than the remedy are shown but not ranked",
    arguments: ["steps", "split", "leak", "images"])
  func unmatched(what: String) throws {
    var runs = runs
    switch what {
    case "steps": runs[3].record.optimizerSteps += 1
    case "split": runs[3].record.splitHash = "another"
    case "leak": runs[3].record.allowedLeaks = ["lesion 7 stands in train and test"]
    default:
      let counts = runs[3].record.trainingCounts
      runs[3].record.trainingCounts = ClassCounts(
        names: counts.names, counts: counts.counts.map { $0 + 1 })
    }
    let comparison = try Comparison(runs, options: options)
    #expect(!comparison.isValid)
    #expect(comparison.alerts[0].level == .invalidating)
    #expect(comparison.ranking.winner == nil)
    #expect(comparison.verdict.contains("cannot be ranked"))
  }

  @Test("runs that saw other data are not ranked; those of a version that does not say are")
  func otherData() throws {
    var runs = runs
    func data(_ images: String) -> DataIdentity {
      DataIdentity(
        classNames: runs[0].test.classNames, splitHash: runs[0].record.splitHash,
        imagesHash: images, groupsHash: nil)
    }
    for index in runs.indices.dropFirst() { runs[index].record.data = data("one") }
    #expect(try Comparison(runs, options: options).isValid)
    runs[3].record.data = data("another")
    let comparison = try Comparison(runs, options: options)
    #expect(comparison.alerts.first?.title == "The runs saw different data")
  }

  @Test("other versions and threads are notes")
  func otherVersions() throws {
    var runs = runs
    runs[1].record.machine.versions["balance"] = "0.2.0"
    runs[2].record.machine.threads = 1
    let comparison = try Comparison(runs, options: options)
    #expect(comparison.isValid)
    let notes = comparison.alerts.filter { $0.level == .note }
    #expect(notes.contains { $0.detail.contains("balance 0.1.0 (3\u{A0}runs) and balance 0.2.0") })
    #expect(notes.contains { $0.title.contains("different numbers of threads") })
  }

  @Test("a run that diverged is in no figure, named, and keeps its arm from winning")
  func diverged() throws {
    var records = [runs[3].record]
    records[0].divergence = RunRecord.Divergence(step: 7, reason: "the loss became infinite")
    var lost = runs[0].record
    lost.loss = "focal:9"
    lost.lossFingerprint = "focal:9"
    lost.divergence = records[0].divergence
    records.append(lost)
    let comparison = try Comparison(Array(runs.prefix(3)), diverged: records, options: options)
    #expect(comparison.arms.count == 2 && comparison.arms[1].seeds.count == 1)
    #expect(comparison.divergence(comparison.arms[1]) == "1 of 2\u{A0}runs diverged")
    #expect(comparison.diverged.map(\.arm) == [comparison.arms[1].name, "focal:9"])
    let alert = try #require(comparison.alerts.first { $0.title == "2\u{A0}runs diverged" })
    #expect(alert.level == .warning)
    #expect(alert.detail.contains("focal:9, seed 0: the loss became infinite"))
    #expect(comparison.ranking.order[0] == 1 && comparison.ranking.winner == nil)
    #expect(comparison.verdict.contains("diverged: no winner is declared"))
    let error = #expect(throws: BalanceError.self) { try Comparison([], diverged: records) }
    #expect(error?.what.contains("every run diverged") == true)
  }

  @Test("a class in neither the truth nor the answers is in no average")
  func absentClass() throws {
    func comparison(_ answer: Int) throws -> Comparison {
      let compared = self.runs.map { run in
        var run = run
        let truth = run.test.truth.map { $0 == 3 ? 2 : $0 }
        var probabilities = [Float](repeating: 0, count: truth.count * 4)
        for (row, label) in truth.enumerated() { probabilities[row * 4 + label] = 1 }
        if answer != truth[0] {
          probabilities[truth[0]] = 0
          probabilities[answer] = 1
        }
        run.test = PredictionTable(
          classNames: run.test.classNames, images: run.test.images, groups: nil, truth: truth,
          probabilities: probabilities)
        return run
      }
      return try Comparison(compared, options: options)
    }
    let absent = try comparison(0)
    #expect(absent.arms[0].macroF1.mean == 1 && absent.arms[0].macroF1.interval.lower == 1)
    let alert = absent.alerts.first { $0.title == "1\u{A0}class without test images" }
    #expect(alert?.detail.contains("macro F1 leaves it out.") == true)
    // Predicted once, it counts 0.
    let predicted = try comparison(3)
    #expect(predicted.arms[0].macroF1.mean < 0.76)
  }

  @Test("runs that were asked other images are refused, in another order they are not")
  func otherImages() throws {
    var runs = runs
    let table = runs[3].test
    let k = table.classNames.count
    let reversed = PredictionTable(
      classNames: table.classNames, images: table.images.reversed(), groups: nil,
      truth: table.truth.reversed(),
      probabilities: (0..<table.count).reversed().flatMap {
        table.probabilities[$0 * k..<($0 + 1) * k]
      })
    runs[3].test = reversed
    let straight = try Comparison(self.runs, options: options)
    #expect(try Comparison(runs, options: options).arms[1].macroF1 == straight.arms[1].macroF1)

    runs[3].test = PredictionTable(
      classNames: table.classNames, images: table.images.map { "other/" + $0 }, groups: nil,
      truth: table.truth, probabilities: table.probabilities)
    let error = #expect(throws: BalanceError.self) { try Comparison(runs, options: options) }
    #expect(error?.description.contains("compare runs of one split") == true)
    #expect(error?.code == .data)
  }

  @Test("no runs, no test images, other classes: each says so")
  func refused() {
    #expect(throws: BalanceError.self) { try Comparison([]) }
    var empty = runs
    empty[0].test = PredictionTable(
      classNames: runs[0].test.classNames, images: [], groups: nil, truth: [], probabilities: [])
    #expect(throws: BalanceError.self) { try Comparison(empty) }
    var other = runs
    let table = runs[1].test
    other[1].test = PredictionTable(
      classNames: table.classNames.reversed(), images: table.images, groups: nil,
      truth: table.truth, probabilities: table.probabilities)
    #expect(throws: BalanceError.self) { try Comparison(other) }
    #expect(throws: BalanceError.self) {
      try Comparison(runs, options: ComparisonOptions(draws: 0))
    }
  }

  @Test("a repeated run is left out and named")
  func repeated() throws {
    var copy = runs[0]
    copy.record.name = "again"
    copy.record.finished.addTimeInterval(60)
    let comparison = try Comparison(runs + [copy], options: options)
    #expect(comparison.arms[0].seeds.count == 2)
    #expect(comparison.arms[0].seeds[0].run == "again")
    #expect(comparison.alerts.contains { $0.detail.contains(runs[0].record.name) })
  }

  @Test("settings that differ are listed by arm, those that are meant to differ are not")
  func settings() throws {
    var runs = runs
    for index in 2..<4 { runs[index].record.settings["epochs"] = "60" }
    let comparison = try Comparison(runs, options: options)
    #expect(comparison.differingSettings.map(\.name) == ["epochs"])
    #expect(comparison.differingSettings[0].values == [["30"], ["60"]])
  }
}
