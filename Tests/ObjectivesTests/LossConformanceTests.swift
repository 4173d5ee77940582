import BalanceCore
import Foundation
import Objectives
import Testing

/// Value and gradient of a loss on arrays.
func evaluate(_ loss: any Loss, _ logits: [Float], _ labels: [Int32], _ classes: Int)
  -> (value: Double, gradient: [Float])
{
  // NaN shows what was not written.
  var gradient = [Float](repeating: .nan, count: logits.count)
  let value = logits.withUnsafeBufferPointer { logits in
    labels.withUnsafeBufferPointer { labels in
      gradient.withUnsafeMutableBufferPointer { gradient in
        loss.evaluate(logits: logits, labels: labels, classes: classes, gradient: gradient)
      }
    }
  }
  return (value, gradient)
}

/// What every loss promises. A new loss is tested by adding it to `losses`, and its formula to
/// `tools/goldens/losses.py`.
@Suite struct LossConformanceTests {
  static let losses: [LossSpecification] = [
    .crossEntropy, .focal(gamma: 0), .focal(gamma: 0.5), .focal(gamma: 1), .focal(gamma: 2),
    .focal(gamma: 5), .labelSmoothing(epsilon: 0), .labelSmoothing(epsilon: 0.1),
    .labelSmoothing(epsilon: 0.5),
  ]

  static let weightings: [[Double]?] = [nil, [1, 1, 1, 1], [0.25, 4, 1, 0], [1e-3, 1, 1e3, 10]]

  private func batch(_ scale: Double, _ images: Int = 6) -> (logits: [Float], labels: [Int32]) {
    var generator = KeyedGenerator(seed: 8, .test)
    return (
      (0..<images * 4).map { _ in Float(generator.normal() * scale) },
      (0..<images).map { _ in Int32(generator.below(4)) }
    )
  }

  @Test(arguments: losses, weightings)
  func gradientIsThatOfFiniteDifferences(_ specification: LossSpecification, _ weights: [Double]?) {
    let loss = specification.loss(weights: weights)
    let (logits, labels) = batch(2)
    let gradient = evaluate(loss, logits, labels, 4).gradient
    for i in logits.indices {
      var up = logits
      var down = logits
      up[i] += 0x1p-8
      down[i] -= 0x1p-8
      let rise = evaluate(loss, up, labels, 4).value - evaluate(loss, down, labels, 4).value
      let slope = rise / Double(up[i] - down[i])
      // The error of a central difference is h²/6 times a third derivative of at most a few.
      #expect(abs(Double(gradient[i]) - slope) < 2e-5, "logit \(i)")
    }
  }

  /// Adding a constant to all logits changes nothing, so a gradient row adds up to 0.
  @Test(arguments: losses, weightings)
  func gradientRowsAddUpToZero(_ specification: LossSpecification, _ weights: [Double]?) {
    for scale in [0.1, 3, 80] {
      let (logits, labels) = batch(scale)
      let gradient = evaluate(specification.loss(weights: weights), logits, labels, 4).gradient
      for row in 0..<labels.count {
        let values = gradient[row * 4..<row * 4 + 4].map(Double.init)
        let size = values.reduce(0) { $0 + abs($1) }
        #expect(abs(values.reduce(0, +)) <= 4 * size * 0x1p-24)
      }
    }
  }

  @Test(arguments: losses, weightings)
  func extremeLogitsGiveFiniteValues(_ specification: LossSpecification, _ weights: [Double]?) {
    let loss = specification.loss(weights: weights)
    for size: Float in [80, 1e4, 1e30, .greatestFiniteMagnitude] {
      for label: Int32 in 0..<4 {
        let (value, gradient) = evaluate(loss, [size, -size, 0, size], [label], 4)
        #expect(value.isFinite && value >= 0)
        #expect(gradient.allSatisfy { $0.isFinite })
      }
    }
    let (value, gradient) = evaluate(loss, [80, -80, 80, -80, -80, 80, -80, 80], [0, 2], 4)
    #expect(value.isFinite && gradient.allSatisfy { $0.isFinite })
  }

  /// The mean of a batch is the mean of its parts, weighted by `totalWeight`: gradient accumulation
  /// over micro-batches depends on it.
  @Test(arguments: losses, weightings)
  func partsMakeTheWhole(_ specification: LossSpecification, _ weights: [Double]?) {
    let loss = specification.loss(weights: weights)
    let (logits, labels) = batch(2, 7)
    let whole = evaluate(loss, logits, labels, 4)
    func weight(_ labels: ArraySlice<Int32>) -> Double {
      Array(labels).withUnsafeBufferPointer { loss.totalWeight(of: $0) }
    }
    let first = evaluate(loss, Array(logits[..<12]), Array(labels[..<3]), 4)
    let second = evaluate(loss, Array(logits[12...]), Array(labels[3...]), 4)
    let (a, b) = (weight(labels[..<3]), weight(labels[3...]))
    #expect(abs((a * first.value + b * second.value) / (a + b) - whole.value) < 1e-12)
    for (i, part) in (first.gradient + second.gradient).enumerated() {
      let share = (i < 12 ? a : b) / (a + b)
      #expect(abs(Double(part) * share - Double(whole.gradient[i])) < 1e-6)
    }
  }

  @Test(arguments: losses)
  func nothingToLearnFromGivesZero(_ specification: LossSpecification) {
    #expect(evaluate(specification.loss(), [], [], 3).value == 0)
    let ignored = evaluate(specification.loss(weights: [0, 1]), [1, 2, 3, 4], [0, 0], 2)
    #expect(ignored.value == 0 && ignored.gradient == [0, 0, 0, 0])
    let single = evaluate(specification.loss(), [3, -2], [0, 0], 1)
    #expect(single.value == 0 && single.gradient.allSatisfy { $0 == 0 })
  }

  @Test(arguments: losses, weightings)
  func onlyRatiosOfWeightsMatter(_ specification: LossSpecification, _ weights: [Double]?) {
    let (logits, labels) = batch(2)
    let scaled = weights.map { $0.map { $0 * 7 } }
    let one = evaluate(specification.loss(weights: weights), logits, labels, 4)
    let seven = evaluate(specification.loss(weights: scaled), logits, labels, 4)
    #expect(abs(one.value - seven.value) <= 1e-13 * one.value)
    if weights == [1, 1, 1, 1] {
      #expect(abs(evaluate(specification.loss(), logits, labels, 4).value - one.value) < 1e-14)
    }
  }

  @Test func fingerprintsTellLossesApart() {
    let prints = Self.losses.flatMap { specification in
      Self.weightings.map { specification.loss(weights: $0).fingerprint }
    }
    #expect(Set(prints).count == prints.count)
    #expect(
      FocalLoss(gamma: 2, weights: [0.5, 2]).fingerprint
        == "focal: -(1-p_y)^2.0 log p_y, p=softmax(z), unweighted p_y; w=[0.5,2.0]; "
        + "mean=sum(w_y l)/sum(w_y)")
  }

  @Test(arguments: losses)
  func spellingReadsBack(_ specification: LossSpecification) throws {
    #expect(try LossSpecification(parsing: specification.description) == specification)
    let json = try CanonicalJSON.encode(["loss": specification])
    #expect(
      try CanonicalJSON.decode([String: LossSpecification].self, from: json)
        == ["loss": specification])
  }

  @Test(arguments: [
    ("focl", "did you mean 'focal'?"), ("focal:-1", "gamma"), ("focal:x", "gamma"),
    ("focal:", "gamma"), ("focal:inf", "gamma"), ("label-smoothing:1.5", "epsilon"),
    ("cross-entropy:1", "no option '1'"),
  ])
  func unknownSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try LossSpecification(parsing: text) }
    #expect(error?.description.contains(expected) == true)
  }
}
