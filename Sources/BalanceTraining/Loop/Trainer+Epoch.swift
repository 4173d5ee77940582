import BalanceCore
import BalanceMetrics
import BalanceNetworks
import BalanceObjectives
import BalanceOptimizers
import BalanceSampling
import BalanceTensors

extension Trainer {
  /// Freezes or unfreezes layers and takes the class weights, as an epoch (from 0) asks for; says
  /// what has changed.
  func prepare(epoch: Int) throws(BalanceError) -> [String] {
    var changes: [String] = []
    let wanted = try configuration.tuning.frozenNodes(of: network, epoch: epoch)
    if wanted != frozen {
      frozen = wanted
      part = try Self.part(data, configuration, parameters, frozen: frozen, pool: pool)
      optimizer.freeze(frozen, of: parameters)
      changes.append("from epoch \(epoch + 1) on, \(Self.share(frozen, of: parameters))")
    }
    let loss = try components.loss.loss(data.dataset.trainingCounts, epoch: epoch)
    if loss.fingerprint != objective.fingerprint {
      objective = loss
      changes.append(
        "from epoch \(epoch + 1) on, the classes are weighted: \(components.loss.fullWeighting)")
    }
    if let from = configuration.remedy.strategyFrom, from == epoch + 1 {
      changes.append("from epoch \(from) on, images are drawn by \(configuration.remedy.strategy)")
    }
    notes += changes
    return changes
  }

  /// Evaluates the validation images by the moving average, where one is kept, and keeps the
  /// weights where they are the best. Nil where the dataset has no validation images.
  func validate() throws -> Evaluation? {
    let positions = data.dataset.validation
    if positions.isEmpty { return nil }
    averaged?.swap()
    defer { averaged?.swap() }
    let evaluation = Evaluation(try predict(positions), trainingCounts: data.dataset.trainingCounts)
    if let best { best.observe(best.metric.figure(of: evaluation), epoch: position.epoch) }
    return evaluation
  }

  /// Tells whoever waits for an epoch's figures, and goes on to the next epoch, or ends the run
  /// after the last one or where the validation has not become better for long. Also gives
  /// sentences on what ended and which weights are kept, where that needs saying.
  func endEpoch(_ plan: EpochPlan, _ validation: Evaluation?)
    -> (event: TrainingEvent.EpochEnded, changes: [String])
  {
    let event = TrainingEvent.EpochEnded(
      epoch: position.epoch, loss: position.lossSum / position.weightSum,
      learningRate: position.learningRate, validation: validation, seconds: position.seconds)
    for draw in plan.draws { timesDrawn[Int(draw.image)] += 1 }
    if let validation, let metric = rates.watchedMetric {
      rates.epochEnded(figure: metric.figure(of: validation))
    }
    position.nextEpoch()
    position.isOver = position.epoch == configuration.epochs
    var changes: [String] = []
    if let validation, let metric = configuration.earlyStopping.metric,
      let reason = configuration.earlyStopping.observe(metric.figure(of: validation), &stopping),
      !position.isOver
    {
      position.isOver = true
      changes.append("the run ends after epoch \(position.epoch): \(reason)")
    }
    if position.isOver, let kept = best?.description { changes.append(kept) }
    notes += changes
    return (event, changes)
  }

  /// Gives the network the weights that are evaluated and saved.
  func takeResult() {
    if let best { best.take() } else { averaged?.swap() }
  }

  static func part(
    _ data: LoadedData, _ configuration: ResolvedConfiguration, _ parameters: Parameters,
    frozen: Set<Int>, pool: ComputePool
  ) throws(BalanceError) -> any TrainedPart {
    try configuration.predictor(data, parameters, frozen: frozen, pool: pool)
      .trained(frozen: frozen, pool: pool)
  }

  var featureNote: String? {
    if part is FeatureHead {
      return "the features of \(data.dataset.images.count) images are computed once"
    }
    guard configuration.tuning.freezing == .backbone else { return nil }
    return FeaturePredictor.obstacle(configuration, network).map {
      "the features are computed again in every epoch, since \($0)"
    }
  }

  static func share(_ frozen: Set<Int>, of parameters: Parameters) -> String {
    let trained = parameters.tensors.reduce(0) { frozen.contains($1.node) ? $0 : $0 + $1.count }
    return "\(trained) of \(parameters.count) parameters are trained"
  }
}
