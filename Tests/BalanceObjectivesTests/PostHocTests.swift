import BalanceCore
import BalanceObjectives
import Foundation
import Testing

@Suite struct PostHocTests {
  @Test func adjustedLogitsAreThoseOfBalancedClasses() {
    var logits: [Float] = [2, 0.5, -1, 0, 0, 0]
    let adjustment = LogitAdjustment(counts: [100, 10, 1], tau: 1)
    logits.withUnsafeMutableBufferPointer { adjustment.apply(to: $0) }
    for (i, plain) in [2, 0.5, -1, 0, 0, 0].enumerated() {
      let expected = plain - log([100, 10, 1][i % 3] / 111.0)
      #expect(abs(Double(logits[i]) - expected) < 1e-6)
    }
  }

  /// Training with the prior in the logits and predicting without is the same as predicting with
  /// it taken off: the loss of z is the plain loss of z + τ log π.
  @Test func lossAndAdjustmentUndoEachOther() {
    let counts = [100, 10, 1]
    var logits: [Float] = [2, 0.5, -1]
    let loss = evaluate(LogitAdjustedLoss(counts: counts, tau: 1.5), logits, [1], 3).value
    logits.withUnsafeMutableBufferPointer {
      LogitAdjustment(counts: counts, tau: -1.5).apply(to: $0)
    }
    #expect(abs(evaluate(CrossEntropy(), logits, [1], 3).value - loss) < 1e-6)
  }

  @Test func adjustmentStaysFiniteForAbsentClasses() {
    let offsets = LogitAdjustment(counts: [5, 0], tau: 1).offsets
    #expect(offsets[0] == 0 && abs(offsets[1] - 27.631) < 1e-3)
  }

  private func fit(_ logits: [Float], _ labels: [Int32], _ classes: Int) -> TemperatureScaling {
    logits.withUnsafeBufferPointer { logits in
      labels.withUnsafeBufferPointer {
        TemperatureScaling(logits: logits, labels: $0, classes: classes)
      }
    }
  }

  /// Logits ±a right in three of four images: p = 3/4 at 2a / T = log 3.
  @Test(arguments: [0.5, 3, 20] as [Float])
  func temperatureHasAClosedForm(size: Float) {
    let logits = (0..<4).flatMap { _ in [size, -size] }
    let fitted = fit(logits, [0, 0, 0, 1], 2)
    #expect(abs(fitted.temperature - 2 * Double(size) / log(3)) < 1e-9 * Double(size))
    #expect(abs(fitted.fittedLoss + 0.75 * log(0.75) + 0.25 * log(0.25)) < 1e-12)
    #expect(fitted.plainLoss >= fitted.fittedLoss)
    // Twice the logits, twice the temperature: the probabilities are the same.
    let twice = fit(logits.map { 2 * $0 }, [0, 0, 0, 1], 2)
    #expect(abs(twice.temperature - 2 * fitted.temperature) < 1e-9 * Double(size))
  }

  /// The fit is a minimum of the cross-entropy that `apply` gives.
  @Test func fittedTemperatureIsTheBest() {
    var generator = KeyedGenerator(seed: 3, .test)
    let logits = (0..<200).map { _ in Float(generator.normal() * 3) }
    let labels = (0..<40).map { row in
      let own = (0..<5).max { logits[row * 5 + $0] < logits[row * 5 + $1] } ?? 0
      return Int32(generator.uniform() < 0.6 ? own : generator.below(5))
    }
    let fitted = fit(logits, labels, 5)
    var scaled = logits
    scaled.withUnsafeMutableBufferPointer { fitted.apply(to: $0) }
    #expect(abs(evaluate(CrossEntropy(), scaled, labels, 5).value - fitted.fittedLoss) < 1e-6)
    #expect(abs(evaluate(CrossEntropy(), logits, labels, 5).value - fitted.plainLoss) < 1e-12)
    for factor: Float in [0.99, 1.01] {
      let moved = evaluate(CrossEntropy(), scaled.map { $0 * factor }, labels, 5).value
      #expect(moved > fitted.fittedLoss)
    }
  }

  @Test func endsOfTheRangeAreTaken() {
    #expect(fit([5, 1], [0], 2).temperature < 0x1p-9)
    #expect(fit([5, 1], [1], 2).temperature > 0x1p9)
    #expect(fit([80, -80, 0], [0], 3).fittedLoss == 0)
    #expect(fit([7], [0], 1).temperature == 1 && fit([2, 2], [0], 2).temperature == 1)
  }

  @Test(arguments: [0, 0.5, 1, 2])
  func rowsAreDividedByTheirLengthToTheTau(tau: Double) {
    var weights: [Float] = [3, 4, 0, 0, 0.6, -0.8]
    let before = weights
    weights.withUnsafeMutableBufferPointer {
      TauNormalization.apply(to: $0, classes: 3, tau: tau)
    }
    #expect(weights[2...3] == [0, 0])
    for (row, length) in [(0, 5.0), (2, 1)] {
      for i in row * 2..<row * 2 + 2 {
        #expect(abs(Double(weights[i]) - Double(before[i]) / pow(length, tau)) < 1e-6)
      }
    }
  }
}
