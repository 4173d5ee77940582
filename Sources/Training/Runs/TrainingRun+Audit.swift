public import BalanceCore
import Objectives
public import Sampling

extension TrainingRun {
  /// What the first epoch will draw, class by class.
  public func audit() throws(BalanceError) -> PlanAudit {
    let labels = Array(data.labels[data.data.training])
    let plan = try configuration.strategy.plan(
      labels: labels, classCount: data.data.classNames.count, seed: configuration.seed, epoch: 0,
      length: .draws(labels.count))
    return PlanAudit(plan: plan, labels: labels, classNames: data.data.classNames)
  }

  /// The class shares that sampling, class weights (once they hold) and a prior in the logits
  /// before or after training together make for.
  public func effectivePrior() throws(BalanceError) -> EffectivePrior {
    let counts = data.data.trainingCounts
    return EffectivePrior(
      counts: counts,
      samplingShares: configuration.strategy.expectedShares(counts.counts),
      lossWeights: try configuration.lossSchedule().fullWeighting.weights(for: counts),
      logitOffsets: LogitAdjustment(
        counts: counts.counts, tau: configuration.loss.priorTau + configuration.postHoc.priorTau
      ).offsets)
  }
}
