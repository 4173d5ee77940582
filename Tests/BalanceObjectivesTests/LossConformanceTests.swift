import BalanceCore
import BalanceObjectives
import Foundation
import Testing

/// Targets in arrays.
enum Targets {
  case labels([Int32])
  case mixtures([Int32], [Int32], [Float])
  case probabilities([Float])

  func with<Result>(_ classes: Int, _ body: (BatchTargets) -> Result) -> Result {
    switch self {
    case .labels(let labels): labels.withUnsafeBufferPointer { body(.labels($0)) }
    case .mixtures(let labels, let partners, let shares):
      labels.withUnsafeBufferPointer { labels in
        partners.withUnsafeBufferPointer { partners in
          shares.withUnsafeBufferPointer {
            body(.mixtures(.init(labels: labels, partners: partners, shares: $0)))
          }
        }
      }
    case .probabilities(let rows):
      rows.withUnsafeBufferPointer { body(.probabilities($0, classes: classes)) }
    }
  }

  /// Those of some images.
  func part(_ images: Range<Int>, _ classes: Int) -> Targets {
    switch self {
    case .labels(let labels): .labels(Array(labels[images]))
    case .mixtures(let labels, let partners, let shares):
      .mixtures(Array(labels[images]), Array(partners[images]), Array(shares[images]))
    case .probabilities(let rows):
      .probabilities(Array(rows[images.lowerBound * classes..<images.upperBound * classes]))
    }
  }
}

/// Value and gradient of a loss on arrays.
func evaluate(_ loss: any Loss, _ logits: [Float], _ targets: Targets, _ classes: Int)
  -> (value: Double, gradient: [Float])
{
  // NaN shows what was not written.
  var gradient = [Float](repeating: .nan, count: logits.count)
  let value = logits.withUnsafeBufferPointer { logits in
    targets.with(classes) { targets in
      gradient.withUnsafeMutableBufferPointer { gradient in
        loss.evaluate(logits: logits, targets: targets, classes: classes, gradient: gradient)
      }
    }
  }
  return (value, gradient)
}

/// The same for labels.
func evaluate(_ loss: any Loss, _ logits: [Float], _ labels: [Int32], _ classes: Int)
  -> (value: Double, gradient: [Float])
{
  evaluate(loss, logits, .labels(labels), classes)
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
    .seesaw(p: 0.8, q: 2), .seesaw(p: 0, q: 1), .poly(epsilon: 2), .poly(epsilon: -0.5),
  ]
  static let weightings: [[Double]?] = [nil, [1, 1, 1, 1], [0.25, 4, 1, 0], [1e-3, 1, 1e3, 10]]
  static let cases = losses.flatMap { loss in
    weightings.filter { $0 == nil || loss.weightsObstacle == nil }
      .map { LossCase(specification: loss, weights: $0) }
  }

  /// Random logits, and every kind of targets.
  private func batch(_ scale: Double, _ images: Int = 6)
    -> (logits: [Float], labels: [Int32], targets: [Targets])
  {
    var generator = KeyedGenerator(seed: 8, .test)
    let logits = (0..<images * 4).map { _ in Float(generator.normal() * scale) }
    let labels = (0..<images).map { _ in Int32(generator.below(4)) }
    var rows: [Float] = []
    for _ in labels {
      let shares = (0..<4).map { _ in Float(max(0, generator.uniform() - 0.2)) }
      let sum = max(shares.reduce(0, +), 1e-3)
      rows += shares.map { $0 / sum }
    }
    let partners = labels.map { _ in Int32(generator.below(4)) }
    // Whole shares, and a label that is mixed with itself, among them.
    let shares = labels.indices.map { $0 < 2 ? Float($0) : Float(generator.uniform()) }
    let mixtures = Targets.mixtures(labels, [labels[0]] + partners.dropFirst(), shares)
    return (logits, labels, [.labels(labels), mixtures, .probabilities(rows)])
  }

  @Test(arguments: cases)
  func gradientIsThatOfFiniteDifferences(_ test: LossCase) {
    let loss = test.loss
    let (logits, _, targets) = batch(2)
    // What is constant to the gradient is constant to the differences.
    let held = logits.withUnsafeBufferPointer {
      (loss as? any HeldLoss)?.held(at: $0, classes: 4) ?? loss
    }
    for targets in targets {
      let gradient = evaluate(loss, logits, targets, 4).gradient
      for i in logits.indices {
        var up = logits
        var down = logits
        up[i] += 0x1p-8
        down[i] -= 0x1p-8
        let (high, low) = (evaluate(held, up, targets, 4), evaluate(held, down, targets, 4))
        let slope = (high.value - low.value) / Double(up[i] - down[i])
        // The error of a central difference is h²/6 times a third derivative of at most a few.
        #expect(abs(Double(gradient[i]) - slope) < 2e-5, "\(targets), logit \(i)")
      }
    }
  }

  /// Adding a constant to all logits changes nothing, so a gradient row adds up to 0; vector
  /// scaling multiplies the constant differently for each class.
  @Test(arguments: cases)
  func gradientRowsAddUpToZero(_ test: LossCase) {
    if test.specification.recipe is VectorScalingRecipe { return }
    for scale in [0.1, 3, 80] {
      let (logits, labels, targets) = batch(scale)
      for targets in targets {
        let gradient = evaluate(test.loss, logits, targets, 4).gradient
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
      let soft = evaluate(test.loss, logits, .probabilities(rows), 4)
      #expect(abs(hard.value - soft.value) <= 1e-14 * max(1, hard.value))
      #expect(hard.gradient == soft.gradient)
      // Mixed with nothing, or with an image of the same class.
      let (others, ones) = (labels.map { 3 - $0 }, [Float](repeating: 1, count: labels.count))
      for mixed in [
        Targets.mixtures(labels, others, ones), .mixtures(others, labels, ones.map { 1 - $0 }),
        .mixtures(labels, labels, ones.map { 0.3 * $0 }),
      ] {
        let mixed = evaluate(test.loss, logits, mixed, 4)
        #expect(abs(mixed.value - hard.value) <= 1e-14 * max(1, hard.value))
        #expect(mixed.gradient == hard.gradient)
      }
    }
  }

  /// A mixture is the row of its two shares.
  @Test(arguments: cases)
  func mixturesAreTheirRows(_ test: LossCase) {
    let (logits, labels, _) = batch(3)
    let partners = Array(labels.reversed())
    // Sums of powers of 2, so that both shares are exact.
    let shares = labels.indices.map { Float($0) / 8 }
    var rows = [Float](repeating: 0, count: logits.count)
    for i in labels.indices {
      rows[4 * i + Int(labels[i])] += shares[i]
      rows[4 * i + Int(partners[i])] += 1 - shares[i]
    }
    let mixed = evaluate(test.loss, logits, .mixtures(labels, partners, shares), 4)
    let soft = evaluate(test.loss, logits, .probabilities(rows), 4)
    #expect(abs(mixed.value - soft.value) <= 1e-14 * max(1, soft.value))
    for (a, b) in zip(mixed.gradient, soft.gradient) {
      // The sums of weights may round differently, and then what is rounded to Float.
      #expect(abs(a - b) <= 0x1p-23 * abs(b))
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
    let shares = [Float](repeating: 0.25, count: labels.count)
    let mixed = evaluate(loss, logits, .mixtures(labels, partners, shares), 4)
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
      for targets in [Targets.probabilities([0.5, 0.25, 0.25, 0]), .mixtures([1], [3], [0.5])] {
        let soft = evaluate(test.loss, [size, -size, 0, size], targets, 4)
        #expect(soft.value.isFinite && soft.gradient.allSatisfy { $0.isFinite })
      }
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
    let (logits, _, targets) = batch(2, 7)
    for targets in targets {
      let whole = evaluate(loss, logits, targets, 4)
      let parts = [0..<3, 3..<7].map { images in
        let part = targets.part(images, 4)
        let logits = Array(logits[images.lowerBound * 4..<images.upperBound * 4])
        return (evaluate(loss, logits, part, 4), part.with(4) { loss.totalWeight(of: $0) })
      }
      let ((first, a), (second, b)) = (parts[0], parts[1])
      #expect(abs((a * first.value + b * second.value) / (a + b) - whole.value) < 1e-12)
      for (i, part) in (first.gradient + second.gradient).enumerated() {
        let share = (i < 12 ? a : b) / (a + b)
        #expect(abs(Double(part) * share - Double(whole.gradient[i])) < 1e-6)
      }
    }
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
