import BalanceCore
import BalanceObjectives
import Foundation
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

/// The same for rows of target probabilities.
func evaluate(_ loss: any Loss, _ logits: [Float], targets: [Float], _ classes: Int)
  -> (value: Double, gradient: [Float])
{
  var gradient = [Float](repeating: .nan, count: logits.count)
  let value = logits.withUnsafeBufferPointer { logits in
    targets.withUnsafeBufferPointer { targets in
      gradient.withUnsafeMutableBufferPointer { gradient in
        loss.evaluate(logits: logits, targets: targets, classes: classes, gradient: gradient)
      }
    }
  }
  return (value, gradient)
}

/// A loss with or without class weights.
struct LossCase: Sendable, CustomTestStringConvertible {
  let specification: LossSpecification
  let weights: [Double]?

  /// For four classes, one of 400 images and one of 3.
  var loss: any Loss { specification.loss(counts: [400, 90, 12, 3], weights: weights) }
  var testDescription: String { "\(specification), weights \(weights.map { "\($0)" } ?? "none")" }
}

/// What every loss promises. A new loss is tested by adding it to `losses`, and its formula to
/// `tools/witness/losses.py`.
@Suite struct LossConformanceTests {
  static let losses: [LossSpecification] = [
    .crossEntropy, .focal(gamma: 0), .focal(gamma: 0.5), .focal(gamma: 1), .focal(gamma: 2),
    .focal(gamma: 5), .classBalancedFocal(beta: 0.99, gamma: 1), .labelSmoothing(epsilon: 0),
    .labelSmoothing(epsilon: 0.1), .labelSmoothing(epsilon: 0.5),
    .labelSmoothing(epsilon: 0.1, form: .otherClasses),
    .labelAwareSmoothing(head: 0.4, tail: 0.1), .ldam(margin: 0.5, scale: 30),
    .ldam(margin: 0.2, scale: 4), .logitAdjusted(tau: 1), .balancedSoftmax(tau: 0.5),
    .vectorScaling(gamma: 0.3, tau: 1), .vectorScaling(gamma: 0.2, tau: 0),
  ]
  static let weightings: [[Double]?] = [nil, [1, 1, 1, 1], [0.25, 4, 1, 0], [1e-3, 1, 1e3, 10]]
  static let cases = losses.flatMap { loss in
    weightings.filter { $0 == nil || loss.weightsObstacle == nil }
      .map { LossCase(specification: loss, weights: $0) }
  }

  private func batch(_ scale: Double, _ images: Int = 6)
    -> (logits: [Float], labels: [Int32], targets: [Float])
  {
    var generator = KeyedGenerator(seed: 8, .test)
    let logits = (0..<images * 4).map { _ in Float(generator.normal() * scale) }
    let labels = (0..<images).map { _ in Int32(generator.below(4)) }
    var targets: [Float] = []
    for _ in labels {
      let shares = (0..<4).map { _ in Float(max(0, generator.uniform() - 0.2)) }
      let sum = max(shares.reduce(0, +), 1e-3)
      targets += shares.map { $0 / sum }
    }
    return (logits, labels, targets)
  }

  @Test(arguments: cases)
  func gradientIsThatOfFiniteDifferences(_ test: LossCase) {
    let loss = test.loss
    let (logits, labels, targets) = batch(2)
    func compare(_ gradient: [Float], _ value: ([Float]) -> Double) {
      for i in logits.indices {
        var up = logits
        var down = logits
        up[i] += 0x1p-8
        down[i] -= 0x1p-8
        let slope = (value(up) - value(down)) / Double(up[i] - down[i])
        // The error of a central difference is h²/6 times a third derivative of at most a few.
        #expect(abs(Double(gradient[i]) - slope) < 2e-5, "logit \(i)")
      }
    }
    compare(evaluate(loss, logits, labels, 4).gradient) { evaluate(loss, $0, labels, 4).value }
    compare(evaluate(loss, logits, targets: targets, 4).gradient) {
      evaluate(loss, $0, targets: targets, 4).value
    }
  }

  /// Adding a constant to all logits changes nothing, so a gradient row adds up to 0; vector scaling
  /// multiplies the constant differently for each class.
  @Test(arguments: cases)
  func gradientRowsAddUpToZero(_ test: LossCase) {
    if test.specification.recipe is VectorScalingRecipe { return }
    for scale in [0.1, 3, 80] {
      let (logits, labels, targets) = batch(scale)
      for gradient in [
        evaluate(test.loss, logits, labels, 4).gradient,
        evaluate(test.loss, logits, targets: targets, 4).gradient,
      ] {
        for row in labels.indices {
          let values = gradient[row * 4..<row * 4 + 4].map(Double.init)
          let size = values.reduce(0) { $0 + abs($1) }
          // Rounded to Float, and before that near sums of 1 in Double.
          #expect(abs(values.reduce(0, +)) <= 4 * size * 0x1p-24 + 1e-15)
        }
      }
    }
  }

  @Test(arguments: cases)
  func oneHotRowsAreLabels(_ test: LossCase) {
    for scale in [1.0, 80] {
      let (logits, labels, _) = batch(scale)
      let rows = labels.flatMap { label -> [Float] in
        (0..<4).map { $0 == Int(label) ? 1 : 0 }
      }
      let hard = evaluate(test.loss, logits, labels, 4)
      let soft = evaluate(test.loss, logits, targets: rows, 4)
      #expect(abs(hard.value - soft.value) <= 1e-14 * max(1, hard.value))
      #expect(hard.gradient == soft.gradient)
    }
  }

  /// λ of one label and 1 − λ of another cost λ and 1 − λ of what the labels do.
  @Test(arguments: losses)
  func mixedTargetsAreMixup(_ specification: LossSpecification) {
    // Class weights, where a loss brings them, change what the mean is divided by.
    guard specification.ownWeighting == nil else { return }
    let loss = specification.loss(counts: [400, 90, 12, 3])
    let (logits, labels, _) = batch(3)
    let partners = Array(labels.reversed())
    var targets = [Float](repeating: .nan, count: logits.count)
    labels.withUnsafeBufferPointer { labels in
      partners.withUnsafeBufferPointer { partners in
        targets.withUnsafeMutableBufferPointer {
          MixedTargets.write(
            labels: labels, partners: partners, share: 0.25, classes: 4, into: $0)
        }
      }
    }
    let mixed = evaluate(loss, logits, targets: targets, 4)
    let (a, b) = (evaluate(loss, logits, labels, 4), evaluate(loss, logits, partners, 4))
    #expect(abs(mixed.value - (0.25 * a.value + 0.75 * b.value)) <= 1e-14 * mixed.value)
    for i in logits.indices {
      #expect(abs(mixed.gradient[i] - (0.25 * a.gradient[i] + 0.75 * b.gradient[i])) < 1e-6)
    }
  }

  @Test(arguments: cases)
  func extremeLogitsGiveFiniteValues(_ test: LossCase) {
    for size: Float in [80, 1e4, 1e30, .greatestFiniteMagnitude] {
      for label: Int32 in 0..<4 {
        let (value, gradient) = evaluate(test.loss, [size, -size, 0, size], [label], 4)
        #expect(value.isFinite && value >= 0)
        #expect(gradient.allSatisfy { $0.isFinite })
      }
      let soft = evaluate(test.loss, [size, -size, 0, size], targets: [0.5, 0.25, 0.25, 0], 4)
      #expect(soft.value.isFinite && soft.gradient.allSatisfy { $0.isFinite })
    }
    let (value, gradient) = evaluate(test.loss, [80, -80, 80, -80, -80, 80, -80, 80], [0, 2], 4)
    #expect(value.isFinite && gradient.allSatisfy { $0.isFinite })
  }

  @Test(arguments: losses)
  func absentClassesGiveFiniteValues(_ specification: LossSpecification) {
    for counts in [[40, 0, 3], [0, 0, 5], [0, 0, 0]] {
      let loss = specification.loss(counts: counts)
      for label: Int32 in 0..<3 {
        let (value, gradient) = evaluate(loss, [1, 2, -3], [label], 3)
        #expect(value.isFinite && gradient.allSatisfy { $0.isFinite }, "\(counts), \(label)")
      }
    }
  }

  /// The mean of a batch is the mean of its parts, weighted by `totalWeight`: gradient accumulation
  /// over micro-batches depends on it.
  @Test(arguments: cases)
  func partsMakeTheWhole(_ test: LossCase) {
    let loss = test.loss
    let (logits, labels, targets) = batch(2, 7)
    func check(
      _ values: [(value: Double, gradient: [Float])], _ a: Double, _ b: Double
    ) {
      let (whole, first, second) = (values[0], values[1], values[2])
      #expect(abs((a * first.value + b * second.value) / (a + b) - whole.value) < 1e-12)
      for (i, part) in (first.gradient + second.gradient).enumerated() {
        let share = (i < 12 ? a : b) / (a + b)
        #expect(abs(Double(part) * share - Double(whole.gradient[i])) < 1e-6)
      }
    }
    check(
      [(0, 7), (0, 3), (3, 7)].map { low, high in
        evaluate(loss, Array(logits[low * 4..<high * 4]), Array(labels[low..<high]), 4)
      },
      Array(labels[..<3]).withUnsafeBufferPointer { loss.totalWeight(of: $0) },
      Array(labels[3...]).withUnsafeBufferPointer { loss.totalWeight(of: $0) })
    check(
      [(0, 7), (0, 3), (3, 7)].map { low, high in
        let range = low * 4..<high * 4
        return evaluate(loss, Array(logits[range]), targets: Array(targets[range]), 4)
      },
      Array(targets[..<12]).withUnsafeBufferPointer {
        loss.totalWeight(ofTargets: $0, classes: 4)
      },
      Array(targets[12...]).withUnsafeBufferPointer {
        loss.totalWeight(ofTargets: $0, classes: 4)
      })
  }

  @Test(arguments: losses)
  func nothingToLearnFromGivesZero(_ specification: LossSpecification) {
    #expect(evaluate(specification.loss(counts: [3, 2, 1]), [], [], 3).value == 0)
    if specification.weightsObstacle == nil {
      let loss = specification.loss(counts: [3, 2], weights: [0, 1])
      let ignored = evaluate(loss, [1, 2, 3, 4], [0, 0], 2)
      #expect(ignored.value == 0 && ignored.gradient == [0, 0, 0, 0])
    }
    let single = evaluate(specification.loss(counts: [2]), [3, -2], [0, 0], 1)
    #expect(single.value == 0 && single.gradient.allSatisfy { $0 == 0 })
  }

  @Test(arguments: cases)
  func onlyRatiosOfWeightsMatter(_ test: LossCase) {
    let (logits, labels, _) = batch(2)
    let scaled = LossCase(
      specification: test.specification, weights: test.weights.map { $0.map { $0 * 7 } })
    let plain = LossCase(specification: test.specification, weights: nil)
    let one = evaluate(test.loss, logits, labels, 4)
    let seven = evaluate(scaled.loss, logits, labels, 4)
    #expect(abs(one.value - seven.value) <= 1e-13 * one.value)
    if test.weights == [1, 1, 1, 1] {
      #expect(abs(evaluate(plain.loss, logits, labels, 4).value - one.value) < 1e-14)
    }
  }

  @Test func fingerprintsTellLossesApart() {
    let prints = Self.cases.map(\.loss.fingerprint)
    #expect(Set(prints).count == prints.count)
    #expect(
      FocalLoss(gamma: 2, weights: [0.5, 2]).fingerprint
        == "focal: -(1-p_y)^2.0 log p_y, p=softmax(z), unweighted p_y; w=[0.5,2.0]; "
        + "mean=sum(w_y l)/sum(w_y)")
  }

  @Test func equalFunctionsHaveEqualFingerprints() {
    let counts = [400, 90, 12, 3]
    #expect(
      LossSpecification.balancedSoftmax(tau: 1).loss(counts: counts).fingerprint
        == LossSpecification.logitAdjusted(tau: 1).loss(counts: counts).fingerprint)
    #expect(
      LDAMLoss(counts: counts).fingerprint != LDAMLoss(counts: [400, 90, 12, 4]).fingerprint)
  }
}
