import BalanceCore
import BalanceObjectives
import Testing

@Suite struct LossScheduleTests {
  private let counts = ClassCounts(names: ["a", "b"], counts: [50, 5])
  private let weighting = ClassWeighting.effectiveNumber(beta: 0.999)

  @Test func weightsHoldFromTheirEpochOn() throws {
    let schedule = try LossSchedule(
      .ldam(margin: 0.5, scale: 30), weighting: weighting, weightsFrom: 3)
    let plain = LDAMLoss(counts: counts.counts).fingerprint
    let weighted = LDAMLoss(
      counts: counts.counts, weights: try weighting.weights(for: counts)
    ).fingerprint
    let prints = try (0..<5).map { try schedule.loss(counts, epoch: $0).fingerprint }
    #expect(prints == [plain, plain, weighted, weighted, weighted])
    #expect((0..<5).map(schedule.isWeighted) == [false, false, true, true, true])
    #expect(
      try schedule.fingerprint(counts) == "before epoch 3: \(plain); from it on: \(weighted)")
  }

  @Test func withoutDeferralWeightsHoldAlways() throws {
    let schedule = try LossSchedule(.crossEntropy, weighting: weighting)
    let print = try schedule.loss(counts, epoch: 0).fingerprint
    #expect(try schedule.fingerprint(counts) == print)
    #expect(schedule.isWeighted(inEpoch: 0) && print.contains("w=["))
    #expect(try !LossSchedule(.crossEntropy).isWeighted(inEpoch: 9))
  }

  /// The class-balanced focal loss is the focal loss with the weights of the effective number, and
  /// the plain one until they hold.
  @Test func ownWeightsAreDeferredToo() throws {
    let own = try LossSchedule(.classBalancedFocal(beta: 0.999, gamma: 1), weightsFrom: 2)
    let given = try LossSchedule(.focal(gamma: 1), weighting: weighting, weightsFrom: 2)
    for epoch in 0..<3 {
      #expect(
        try own.loss(counts, epoch: epoch).fingerprint
          == given.loss(counts, epoch: epoch).fingerprint)
    }
    #expect(own.fullWeighting == weighting)
  }

  @Test(arguments: ["logit-adjusted", "balanced-softmax", "vector-scaling", "class-balanced-focal"])
  func doubleCorrectionsAreRefused(loss: String) throws {
    let loss = try LossSpecification(parsing: loss)
    let error = #expect(throws: BalanceError.self) { try LossSchedule(loss, weighting: weighting) }
    #expect(error?.place == "class-weights")
    #expect((loss.samplingObstacle != nil) == (loss.priorTau > 0))
  }

  @Test func nothingToDeferIsRefused() throws {
    let error = #expect(throws: BalanceError.self) {
      try LossSchedule(.crossEntropy, weightsFrom: 2)
    }
    #expect(
      error?.description
        == "defer-weights: there are no class weights to defer; give class weights, such as "
        + "effective-number")
    // Scales alone leave the shares to be corrected.
    _ = try LossSchedule(.vectorScaling(gamma: 0.3, tau: 0), weighting: weighting)
  }
}
