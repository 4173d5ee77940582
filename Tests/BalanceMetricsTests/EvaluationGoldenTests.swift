import BalanceCore
import BalanceMetrics
import Foundation
import Testing

/// What scikit-learn says of one table of predictions.
struct MetricCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let classes: Int
  let truth: [Int]
  let probabilities: [Float]
  let training, confusion: [Int]
  let precision, recall, f1: [Double]
  let support: [Int]
  let specificity: [Double]
  let intervals: [[Double]]
  let accuracy: Double
  let macro, micro, weighted: [Double]
  let balancedAccuracy, geometricMean, mcc, kappa: Double
  let negativeLogLikelihood, brier, ece: Double
  let priorWeightedAccuracy: Double?
  let shots: [String: Double?]

  var testDescription: String { name }

  static let all: [MetricCase] = {
    do {
      return try CanonicalJSON.decode([MetricCase].self, from: Data(MetricGoldens.json.utf8))
    } catch {
      Issue.record(error)
      return []
    }
  }()

  var classNames: [String] { (0..<classes).map { "class \($0)" } }

  var table: PredictionTable {
    PredictionTable(
      classNames: classNames, images: truth.indices.map { "images/\($0).png" }, groups: nil,
      truth: truth, probabilities: probabilities)
  }

  var evaluation: Evaluation {
    Evaluation(table, trainingCounts: ClassCounts(names: classNames, counts: training))
  }
}

/// Equal to 1e-12 of the larger of 1 and the value, or both NaN.
func agrees(_ ours: Double?, _ theirs: Double?) -> Bool {
  guard let ours, let theirs else { return ours == nil && theirs == nil }
  if ours.isNaN || theirs.isNaN { return ours.isNaN && theirs.isNaN }
  return ours == theirs || abs(ours - theirs) <= 1e-12 * max(1, abs(theirs))
}

func agrees(_ ours: [Double], _ theirs: [Double]) -> Bool {
  ours.count == theirs.count && zip(ours, theirs).allSatisfy { agrees($0, $1) }
}

@Suite struct EvaluationGoldenTests {
  @Test func thereAreCases() {
    #expect(MetricCase.all.count == 11)
  }

  @Test(arguments: MetricCase.all)
  func classScoresAreScikitLearns(_ golden: MetricCase) {
    let ours = golden.evaluation
    #expect(ours.confusion.counts == golden.confusion)
    #expect(ours.classes.map(\.support) == golden.support)
    #expect(agrees(ours.classes.map(\.precision), golden.precision))
    #expect(agrees(ours.classes.map(\.recall), golden.recall))
    #expect(agrees(ours.classes.map(\.f1), golden.f1))
    #expect(agrees(ours.classes.map(\.specificity), golden.specificity))
    for (scores, interval) in zip(ours.classes, golden.intervals) {
      #expect(
        agrees([scores.recallInterval.lower, scores.recallInterval.upper], interval),
        "\(scores.name)")
    }
  }

  @Test(arguments: MetricCase.all)
  func averagesAreScikitLearns(_ golden: MetricCase) {
    let ours = golden.evaluation
    for (scores, expected) in [
      (ours.macro, golden.macro), (ours.micro, golden.micro), (ours.weighted, golden.weighted),
    ] {
      #expect(agrees([scores.precision, scores.recall, scores.f1], expected))
    }
    #expect(agrees(ours.accuracy, golden.accuracy))
    #expect(agrees(ours.balancedAccuracy, golden.balancedAccuracy))
    #expect(agrees(ours.geometricMean, golden.geometricMean))
    #expect(agrees(ours.mcc, golden.mcc))
    #expect(agrees(ours.kappa, golden.kappa))
    #expect(agrees(ours.priorWeightedAccuracy, golden.priorWeightedAccuracy))
    #expect(agrees(ours.shots?.many, golden.shots["many"] ?? nil))
    #expect(agrees(ours.shots?.medium, golden.shots["medium"] ?? nil))
    #expect(agrees(ours.shots?.few, golden.shots["few"] ?? nil))
  }

  @Test(arguments: MetricCase.all)
  func calibrationIsRecomputed(_ golden: MetricCase) {
    let ours = golden.evaluation
    #expect(agrees(ours.negativeLogLikelihood, golden.negativeLogLikelihood))
    #expect(agrees(ours.brier, golden.brier))
    #expect(agrees(ours.ece, golden.ece))
  }

  @Test(arguments: MetricCase.all)
  func survivesJSONAndCSV(_ golden: MetricCase) throws {
    let evaluation = golden.evaluation
    let json = try CanonicalJSON.encode(evaluation)
    let back = try CanonicalJSON.decode(Evaluation.self, from: json)
    #expect(try CanonicalJSON.encode(back) == json)
    #expect(back.classes == evaluation.classes)
    let table = golden.table
    #expect(try PredictionTable(csv: table.csv, path: "predictions.csv") == table)
  }
}
