public import BalanceCore
import BalanceLoading
public import BalanceNetworks
public import BalanceObjectives
import BalanceOptimizers
public import BalanceSampling
public import BalanceTensors
import Foundation

/// Trains one network on one dataset.
///
///     run:
///       → runBegan(the step it goes on from)
///       → note (weights taken over, layers frozen)
///       for epoch in position.epoch ..< epochs:
///         unfreeze, take deferred class weights, where the epoch has come → note
///         plan = strategy.plan(epoch, as many draws as there are training images)
///         → epochBegan(plan)
///         while batches(plan) are left:          features where the backbone is frozen
///           for batch in the next `accumulation` batches:
///             logits = network(batch)
///             loss, gradient = objective(logits, targets)   throws if the loss is not finite
///             gradients += backward(gradient), by the weight of the batch's images
///           parameters -= optimizer(clip(gradients)), at the schedule's rate
///           average += (1 − decay)(parameters − average), where one is kept
///           → stepEnded(loss, rate)
///           throws if a stop is asked for
///         validate the average, or the parameters without one; keep them if they are the best
///         → epochEnded(mean loss, validation)
///         end early where the validation has not become better for long
///       → runEnded
///       take the best weights, or the average; correct the last layer → note
///
/// Between steps, `state` is everything that the rest depends on: a trainer that has restored it
/// ends with the same bits. Nothing is chosen on test images.
public final class Trainer {
  public let data: LoadedData
  public let configuration: ResolvedConfiguration
  let components: TrainingComponents
  public let network: Network
  public let parameters: Parameters
  let planner: EpochPlanner
  /// The loss of the epoch.
  public internal(set) var objective: any Loss
  /// Of the losses of all epochs.
  public let lossFingerprint: String
  /// Images drawn in whole epochs, by training image.
  var timesDrawn: [Int32]
  let pool: ComputePool
  var part: any TrainedPart
  var frozen: Set<Int>
  /// What was said of weights taken over and layers frozen, a sentence each.
  public internal(set) var notes: [String] = []
  let optimizer: ParameterOptimizer
  let averaged: AveragedWeights?
  let best: BestWeights?
  var stopping = EarlyStopping.State()
  let accumulator: GradientAccumulator?
  var rates: RateScheduler
  /// Of the loss by the logits, `[batch size, classes]`.
  let gradient: UnsafeMutableBufferPointer<Float>
  public internal(set) var position = LoopPosition()
  /// Asks the run to stop between two steps.
  public let stop: StopRequest
  /// What ended the run where it diverged.
  public internal(set) var divergence: RunRecord.Divergence?
  /// The last checkpoint, for the error of a run that diverges.
  var checkpoint: (step: Int, path: String)?

  /// Batches an epoch: ⌈N / batch size⌉, the last one with what is left.
  public let batchesPerEpoch: Int
  /// Optimizer steps an epoch: ⌈batches / accumulation⌉, the last one with what is left.
  public let stepsPerEpoch: Int
  /// Without early stopping.
  public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

  /// Compiles the network.
  ///
  /// - Throws: `BalanceError` for settings that do not fit the data.
  public init(_ run: TrainingRun, pool: ComputePool, stop: StopRequest = StopRequest())
    throws(BalanceError)
  {
    (data, components, configuration) = (run.data, run.components, run.configuration)
    try configuration.checkAugmentation(of: data.cache.shape)
    self.pool = pool
    self.stop = stop
    let counts = data.dataset.trainingCounts
    let input = data.cache.shape
    try MachineLimits.check(
      memory: MachineLimits.product(configuration.batchSize, input.count, 2 * 4),
      for: "batches of \(configuration.batchSize) images")
    network = try components.network(input, classes: counts.classCount)
    parameters = try Parameters(network, seed: configuration.seed)
    // Gradients, the optimizer's state, an average, the best weights.
    try MachineLimits.check(
      memory: MachineLimits.product(parameters.count, 6 * 4),
      for: "training \(parameters.count) parameters")
    if let note = configuration.precisionNote { notes.append(note) }
    if let path = configuration.tuning.initialWeights {
      let head = try InitialWeights(path: path).load(
        into: parameters, classNames: data.dataset.classNames,
        renewsHead: configuration.tuning.renewsHead
      ) { [components] classes, cosine throws(BalanceError) in
        try components.network(input, classes: classes, cosine: cosine)
      }
      notes.append("the weights of \(path) are taken over; \(head)")
    }
    frozen = try configuration.tuning.frozenNodes(of: network, epoch: 0)
    objective = try components.loss.loss(counts, epoch: 0)
    planner = try EpochPlanner(
      components.sampling, labels: Array(data.labels[data.dataset.training]),
      classCount: network.classes, seed: configuration.seed)
    lossFingerprint = try components.loss.fingerprint(counts)
    part = try Self.part(data, configuration, parameters, frozen: frozen, pool: pool)
    optimizer = ParameterOptimizer(
      components.rule, configuration, parameters: parameters, frozen: frozen)
    timesDrawn = [Int32](repeating: 0, count: data.dataset.training.count)
    let accumulation = configuration.accumulation
    batchesPerEpoch =
      (data.dataset.training.count + configuration.batchSize - 1) / configuration.batchSize
    stepsPerEpoch = (batchesPerEpoch + accumulation - 1) / accumulation
    gradient = .allocate(capacity: configuration.batchSize * network.classes)
    averaged = AveragedWeights(configuration.optimization.averaging, of: parameters, pool: pool)
    best = BestWeights(configuration.weightChoice, of: parameters)
    accumulator =
      accumulation > 1 ? GradientAccumulator(count: parameters.gradients.count) : nil
    rates = RateScheduler(
      configuration.rate, epochs: configuration.epochs, stepsPerEpoch: stepsPerEpoch)
    if data.dataset.validation.isEmpty, let watch = configuration.watchedMetrics.first {
      throw BalanceError(
        .usage, "goes by the validation \(watch.metric.title), and there are no validation images",
        at: watch.setting,
        remedy: "make a split with validation images ('balance split', with --keep-test where the "
          + "dataset brings its own test images), or leave it out")
    }
    if let note = configuration.rangeNote(data.dataset) { notes.append(note) }
    if let note = configuration.averagingNote(totalSteps: totalSteps) { notes.append(note) }
    if let note = configuration.accumulationNote(network) { notes.append(note) }
    if !frozen.isEmpty { notes.append(Self.share(frozen, of: parameters)) }
    if let featureNote { notes.append(featureNote) }
  }

  deinit { gradient.deallocate() }

  public func run(observers: [any TrainingObserver] = []) throws {
    func emit(_ event: TrainingEvent) throws { for each in observers { try each.observe(event) } }
    let start = ContinuousClock.now
    let before = position.seconds
    try emit(
      .runBegan(
        .init(
          epochs: configuration.epochs, totalSteps: totalSteps, firstStep: position.step,
          lossFingerprint: lossFingerprint)))
    for note in notes { try emit(.note(note)) }
    do {
      while !position.isOver {
        for note in try prepare(epoch: position.epoch) { try emit(.note(note)) }
        let draws = try epochPlan(position.epoch)
        try emit(.epochBegan(.init(epoch: position.epoch, plan: draws)))
        let batches = try part.batches(draws, from: position.batch, check: checkStop)
        try checkStop()
        while let step = try takeStep(batches) {
          position.seconds = before + start.secondsToNow
          try emit(.stepEnded(step))
          try checkStop()
        }
        let validation = try validate()
        position.seconds = before + start.secondsToNow
        let (ended, changes) = endEpoch(draws, validation)
        try emit(.epochEnded(ended))
        for note in changes { try emit(.note(note)) }
      }
    } catch {
      try emit(.stopped(stopped(by: error)))
      throw error
    }
    try emit(.runEnded(.init(steps: position.step, seconds: position.seconds)))
    takeResult()
    if let note = try correct() { try emit(.note(note)) }
  }

  private func stopped(by error: any Error) -> TrainingEvent.Stopped {
    let isAsked = error is TrainingStopped
    return .init(
      position: position, totalSteps: totalSteps,
      reason: isAsked ? "the run was asked to stop" : "\(error)", isResumable: isAsked)
  }

  /// The order of one epoch.
  public func epochPlan(_ epoch: Int) throws(BalanceError) -> EpochPlan {
    try planner.plan(epoch: epoch, length: .draws(data.dataset.training.count))
  }

  /// - Throws: `TrainingStopped` where a stop is asked for.
  func checkStop() throws(TrainingStopped) {
    if stop.isMade { throw TrainingStopped(position: position) }
  }
}
