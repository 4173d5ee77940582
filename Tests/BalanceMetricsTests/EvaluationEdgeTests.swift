import BalanceCore
import BalanceMetrics
import Testing

@Suite struct EvaluationEdgeTests {
  @Test func noImagesGiveNoFigures() {
    let table = PredictionTable(
      classNames: ["a", "b"], images: [], groups: nil, truth: [], probabilities: [])
    let evaluation = Evaluation(table, trainingCounts: nil)
    #expect(evaluation.accuracy.isNaN)
    #expect(evaluation.kappa.isNaN)
    #expect(evaluation.negativeLogLikelihood.isNaN)
    #expect(evaluation.ece.isNaN)
    #expect(evaluation.balancedAccuracy.isNaN)
    #expect(evaluation.worstRecall.isNaN)
    #expect(evaluation.macro.f1 == 0)
    #expect(evaluation.classes[0].recallInterval.halfWidth == 0.5)
    #expect(evaluation.priorWeightedAccuracy == nil)
    #expect(evaluation.shots == nil)
  }

  /// As scikit-learn's f1_score(average="macro") has it without `labels`.
  @Test func classesThatDoNotOccurAreInNoAverage() {
    func evaluation(_ predicted: [Int]) -> Evaluation {
      var probabilities = [Float](repeating: 0, count: predicted.count * 4)
      for (row, c) in predicted.enumerated() { probabilities[row * 4 + c] = 1 }
      return Evaluation(
        PredictionTable(
          classNames: ["a", "b", "c", "d"], images: predicted.indices.map { "\($0)" }, groups: nil,
          truth: [0, 0, 1, 1], probabilities: probabilities),
        trainingCounts: ClassCounts(names: ["a", "b", "c", "d"], counts: [5, 0, 5, 5]))
    }
    let right = evaluation([0, 0, 1, 1])
    #expect(right.macro.precision == 1 && right.macro.recall == 1 && right.macro.f1 == 1)
    #expect(right.absentClasses == ["c", "d"])
    // Predicted, it counts, and so does one that was never trained.
    let wrong = evaluation([0, 0, 2, 2])
    #expect(wrong.macro.f1 == 1.0 / 3 && wrong.absentClasses == ["d"])
  }

  @Test func trainingCountsAreMatchedByName() {
    let table = PredictionTable(
      classNames: ["a", "b"], images: ["1", "2", "3"], groups: nil, truth: [0, 0, 1],
      probabilities: [0.9, 0.1, 0.2, 0.8, 0.3, 0.7])
    let evaluation = Evaluation(
      table, trainingCounts: ClassCounts(names: ["b", "x", "a"], counts: [30, 5, 10]))
    #expect(evaluation.classes.map(\.trainingCount) == [10, 30])
    // Recalls 1/2 and 1 at shares 1/4 and 3/4.
    #expect(agrees(evaluation.priorWeightedAccuracy, 0.875))
  }

  @Test func aThousandPoorRecallsDoNotUnderflow() {
    let k = 1000
    var counts = [Int](repeating: 0, count: k * k)
    for c in 0..<k {
      counts[c * k + c] = 1
      counts[c * k + (c + 1) % k] = 999
    }
    let confusion = ConfusionMatrix(classNames: (0..<k).map { "\($0)" }, counts: counts)
    let scores = (0..<k).map { ClassScores(confusion, class: $0) }
    #expect(scores.allSatisfy { $0.recall == 0.001 && $0.precision == 0.001 })
    var truth: [Int] = []
    for c in 0..<k { truth += [c, c] }
    // Every class: one image right, one wrong.
    var probabilities = [Float](repeating: 0, count: truth.count * k)
    for (row, c) in truth.enumerated() {
      probabilities[row * k + (row % 2 == 0 ? c : (c + 1) % k)] = 1
    }
    let table = PredictionTable(
      classNames: confusion.classNames, images: truth.indices.map { "\($0)" }, groups: nil,
      truth: truth, probabilities: probabilities)
    #expect(agrees(Evaluation(table, trainingCounts: nil).geometricMean, 0.5))
  }

  @Test(arguments: [(0, 10), (10, 10), (1, 1), (3, 7), (500, 1000)])
  func intervalsHoldTheShareAndStayInBounds(successes: Int, trials: Int) {
    let interval = ProportionInterval(successes: successes, trials: trials)
    let share = Double(successes) / Double(trials)
    #expect(interval.lower <= share && share <= interval.upper)
    #expect(interval.lower >= 0 && interval.upper <= 1)
    #expect(interval.halfWidth > 0)
    #expect(
      interval.halfWidth
        > ProportionInterval(successes: successes * 4, trials: trials * 4).halfWidth)
  }
}
