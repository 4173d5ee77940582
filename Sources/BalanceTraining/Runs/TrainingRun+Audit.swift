public import BalanceCore
import BalanceObjectives
public import BalanceSampling

extension TrainingRun {
  /// What epochs will draw, class by class: the first one, and one of each further phase of the
  /// sampling.
  public func audits() throws(BalanceError) -> [PlanAudit] {
    let labels = Array(data.labels[data.dataset.training])
    let schedule = components.sampling
    let planner = try EpochPlanner(
      schedule, labels: labels, classCount: data.dataset.classNames.count, seed: configuration.seed)
    var audits: [PlanAudit] = []
    for epoch in schedule.phases(data.dataset.trainingCounts.counts) {
      let plan = try planner.plan(epoch: epoch, length: .draws(labels.count))
      audits.append(PlanAudit(plan: plan, labels: labels, classNames: data.dataset.classNames))
    }
    return audits
  }

  /// The class shares that sampling, class weights (once they hold) and a prior in the logits
  /// before or after training together make for.
  public func effectivePrior() throws(BalanceError) -> EffectivePrior {
    let counts = data.dataset.trainingCounts
    return EffectivePrior(
      counts: counts,
      samplingShares: components.sampling
        .rule(counts.counts, inEpoch: configuration.epochs - 1).expectedShares(counts.counts),
      lossWeights: try components.loss.fullWeighting.weights(for: counts),
      logitOffsets: LogitAdjustment(
        counts: counts.counts,
        tau: configuration.remedy.loss.priorTau + configuration.remedy.postHoc.priorTau
      ).offsets)
  }
}
