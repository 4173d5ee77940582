public import BalanceCore
import BalanceObjectives
public import BalanceSampling

extension TrainingRun {
  /// What epochs will draw, class by class: the first one, and where another strategy holds from
  /// some epoch on, that one.
  public func audits() throws(BalanceError) -> [PlanAudit] {
    let labels = Array(data.labels[data.data.training])
    var audits: [PlanAudit] = []
    for epoch in [0] + (configuration.strategyFrom.map { [$0 - 1] } ?? []) {
      let plan = try configuration.strategy(inEpoch: epoch).plan(
        labels: labels, classCount: data.data.classNames.count, seed: configuration.seed,
        epoch: epoch, length: .draws(labels.count))
      audits.append(PlanAudit(plan: plan, labels: labels, classNames: data.data.classNames))
    }
    return audits
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
