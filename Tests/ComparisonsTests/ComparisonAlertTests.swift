import BalanceCore
import ComparisonFixtures
import Comparisons
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
