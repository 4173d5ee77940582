import BalanceCore
import BalanceObjectives
import Foundation
import Testing

private struct Goldens: Decodable {
  struct Case: Decodable {
    let loss: String
    let classes: Int
    let logits: [Float]
    let labels: [Int32]
    let weights: [Double]?
    let value: Double
    let gradient: [Double]
  }
  let cases: [Case]
  let counts: [Int]
  let balanced: [Double]
  let effective: [String: [Double]]

  static func load() throws -> Goldens {
    try CanonicalJSON.decode(Goldens.self, from: Data(LossGoldens.json.utf8))
  }
}

@Suite struct LossGoldenTests {
  @Test func valuesAndGradientsAreTorchs() throws {
    let goldens = try Goldens.load()
    #expect(goldens.cases.count == 9 * 4 * 2)
    for golden in goldens.cases {
      let loss = try LossSpecification(parsing: golden.loss).loss(
        counts: [Int](repeating: 1, count: golden.classes), weights: golden.weights)
      let ours = evaluate(loss, golden.logits, golden.labels, golden.classes)
      #expect(
        abs(ours.value - golden.value) <= 1e-12 * max(golden.value, 1e-3),
        "\(loss.fingerprint): \(ours.value), \(golden.value)")
      for (mine, theirs) in zip(ours.gradient, golden.gradient) {
        // The gradient is rounded to Float once.
        #expect(
          abs(Double(mine) - theirs) <= 0x1p-23 * abs(theirs) + 1e-12, "\(loss.fingerprint)")
      }
    }
  }

  /// Worked by hand in double: z = [2, 0.5, −1] with 100, 10 and 1 images.
  @Test(arguments: [
    ("cross-entropy", 0, 0.241311), ("label-smoothing", 0, 0.391311), ("focal", 0, 0.0110928),
    ("cross-entropy", 1, 1.741311), ("focal:1", 1, 1.436076), ("focal:2", 1, 1.184346),
    ("cross-entropy", 2, 3.241311), ("label-smoothing", 2, 3.091311), ("focal", 2, 2.992718),
    ("label-smoothing-others", 0, 0.466311), ("label-smoothing-others", 2, 3.016311),
    ("logit-adjusted", 1, 3.825140), ("balanced-softmax", 1, 3.825140),
  ])
  func knownValues(loss: String, label: Int, expected: Double) throws {
    let loss = try LossSpecification(parsing: loss).loss(counts: [100, 10, 1])
    #expect(abs(evaluate(loss, [2, 0.5, -1], [Int32(label)], 3).value - expected) < 5e-7)
  }

  /// Cosines 0.6, 0.2 and −0.3, times 30.
  @Test func marginsAreTakenFromTheLogit() {
    let loss = LDAMLoss(counts: [100, 10, 1])
    for (margin, expected) in zip(loss.margins, [0.158114, 0.281171, 0.5]) {
      #expect(abs(margin - expected) < 5e-7)
    }
    #expect(abs(evaluate(loss, [18, 6, -9], [1], 3).value - 20.435120) < 5e-7)
  }

  /// The long-tailed CIFAR-10 of ratio 100.
  @Test func smoothingGrowsWithTheImages() throws {
    let expected = [0.3, 0.2414, 0.1578, 0.0960, 0.0563, 0.0320, 0.0173, 0.0085, 0.0031, 0]
    let loss = LabelAwareSmoothing(counts: try Goldens.load().counts)
    for (epsilon, expected) in zip(loss.epsilons, expected) {
      #expect(abs(epsilon - expected) < 5e-5)
    }
    #expect(
      LabelAwareSmoothing(counts: [4, 4, 0], head: 0.2, tail: 0.1).epsilons == [0.2, 0.2, 0.1])
  }

  /// Σ w l / Σ w, not Σ w l / N, which would be 2.064214.
  @Test func weightedMeanDividesByTheWeights() {
    let loss = CrossEntropy(weights: [0.5, 2, 4])
    let value = evaluate(loss, [2, 0.5, -1, 0.1, 0.2, 0.3], [0, 2], 3).value
    #expect(abs(value - 0.917428) < 5e-7)
  }

  @Test func classWeightsAreTheirNamesakes() throws {
    let goldens = try Goldens.load()
    let counts = ClassCounts(
      names: goldens.counts.indices.map { "\($0)" }, counts: goldens.counts)
    func check(_ weighting: ClassWeighting, _ expected: [Double]) throws {
      let weights = try #require(try weighting.weights(for: counts))
      for (mine, theirs) in zip(weights, expected) {
        #expect(abs(mine - theirs) <= 1e-9 * theirs, "\(weighting)")
      }
    }
    try check(.inverseFrequency, goldens.balanced)
    for (beta, expected) in goldens.effective {
      try check(.effectiveNumber(beta: Double(beta) ?? .nan), expected)
    }
    #expect(goldens.effective.count == 3)
  }
}
