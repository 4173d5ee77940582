import BalanceCore
import BalanceSampling
import Foundation
import Testing

@Suite struct EffectivePriorTests {
  private let counts = ClassCounts(names: ["head", "mid", "tail", "none"], counts: [90, 9, 1, 0])

  @Test func oneCorrectionReachesUniformAndIsSilent() {
    for strategy in [SamplingStrategy.oversample, .undersample, .weighted(exponent: 0)] {
      let prior = EffectivePrior(
        counts: counts, samplingShares: strategy.expectedShares(counts))
      for (c, share) in prior.effective.enumerated() {
        #expect(abs(share - (c < 3 ? 1 / 3.0 : 0)) < 1e-12)
      }
      #expect(prior.warning == nil)
    }
    let weighted = EffectivePrior(
      counts: counts, samplingShares: counts.priors, lossWeights: [1 / 90, 1 / 9, 1, 0])
    #expect(abs(weighted.effective[2] - 1 / 3) < 1e-12)
    #expect(weighted.warning == nil)
    let adjusted = EffectivePrior(
      counts: counts, samplingShares: counts.priors, logitOffsets: counts.priors.map { -log($0) })
    #expect(abs(adjusted.effective[2] - 1 / 3) < 1e-12)
    #expect(adjusted.warning == nil)
  }

  /// A milder correction lifts classes of middling size above uniform, and keeps their order.
  @Test func halfACorrectionIsSilent() {
    let counts = ClassCounts(names: ["a", "b", "c", "d", "e"], counts: [1000, 200, 10, 10, 10])
    let half = SamplingStrategy.weighted(exponent: 0.5).expectedShares(counts)
    let prior = EffectivePrior(counts: counts, samplingShares: half)
    #expect(prior.corrections == 1)
    #expect(prior.effective[1] > 1.05 / 5)
    #expect(prior.overshooting == [] && prior.warning == nil)
    // With inverse frequencies besides, the rarest come out first.
    let twice = EffectivePrior(
      counts: counts, samplingShares: half, lossWeights: counts.counts.map { 1 / Double($0) })
    #expect(twice.corrections == 2 && twice.overshooting == [2, 3, 4])
    #expect(twice.warning?.contains("logit adjustment, not 2") == true)
    // One alone can go too far as well.
    let far = EffectivePrior(
      counts: counts, samplingShares: counts.priors,
      logitOffsets: counts.priors.map { -2 * log($0) })
    #expect(far.overshooting == [2, 3, 4])
    #expect(far.warning?.contains("use a milder correction") == true)
  }

  @Test func noCorrectionIsTheDataAndIsSilent() {
    let prior = EffectivePrior(counts: counts, samplingShares: counts.priors)
    #expect(prior.effective == prior.natural)
    #expect(prior.warning == nil)
  }

  @Test func twoCorrectionsOvershoot() throws {
    let prior = EffectivePrior(
      counts: counts, samplingShares: SamplingStrategy.oversample.expectedShares(counts),
      lossWeights: [1 / 90, 1 / 9, 1, 1])
    // 1 : 10 : 90 out of 101.
    #expect(abs(prior.effective[2] - 90 / 101) < 1e-12)
    #expect(prior.overshooting == [2])
    let warning = try #require(prior.warning)
    #expect(warning.contains("'tail' is 1.0 % of the data but in effect 89.1 %"))
    #expect(warning.contains("the uniform 33.3 %"))
  }

  @Test func aLittleBeyondUniformIsLetPass() {
    let shares = [0.32, 0.34, 0.34, 0]
    #expect(EffectivePrior(counts: counts, samplingShares: shares).overshooting == [])
    #expect(
      EffectivePrior(counts: counts, samplingShares: [0.28, 0.37, 0.35, 0]).overshooting == [1])
  }
}

extension SamplingStrategy {
  /// Of a strategy that is the same in all epochs.
  fileprivate func expectedShares(_ counts: ClassCounts) -> [Double] {
    sampler.rule(counts.counts, epoch: 0, of: 1).expectedShares(counts.counts)
  }
}
