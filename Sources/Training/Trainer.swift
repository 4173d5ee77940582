public import BalanceCore
import Foundation
import Loading
public import Networks
public import Objectives
import Optimizers
public import Sampling
public import Tensors

/// Trains one network on one dataset.
///
///     run:
///       → runBegan
///       → note (weights taken over, layers frozen)
///       for epoch in 0..<epochs:
///         unfreeze, take deferred class weights, where the epoch has come → note
///         plan = strategy.plan(epoch, as many draws as there are training images)
///         → epochBegan(plan)
///         for batch in batches(plan):            features where the backbone is frozen
///           logits = network(batch)
///           loss, gradient = objective(logits, labels)      throws if the loss is not finite
///           parameters -= optimizer(clip(backward(gradient))), at the schedule's rate
///           average += (1 − decay)(parameters − average), where one is kept
///           → stepEnded(loss, rate)
///         → epochEnded(mean loss, validation)
///       → runEnded
///
/// The weights after the last epoch, or their moving average where one is kept, are the result;
/// validation is of the same. Nothing is chosen on test images.
public final class Trainer {
  public let data: LoadedData
  public let configuration: TrainingConfiguration
  public let network: Network
  public let parameters: Parameters
  let lossSchedule: LossSchedule
  /// The loss of the epoch.
  public internal(set) var objective: any Loss
  /// Of the losses of all epochs.
  public let lossFingerprint: String
  /// Images drawn, by training image.
  var timesDrawn: [Int32]
  private let pool: ComputePool
  private(set) var part: any TrainedPart
  private var frozen: Set<Int>
  /// What was said of weights taken over and layers frozen, a sentence each.
  public internal(set) var notes: [String] = []
  private let optimizer: ParameterOptimizer
  let averaged: AveragedWeights?
  private(set) var rates: RateScheduler
  /// Of the loss by the logits, `[batch size, classes]`.
  private let gradient: UnsafeMutableBufferPointer<Float>

  /// Optimizer steps an epoch: ⌈N / batch size⌉, the last one with what is left.
  public let stepsPerEpoch: Int
  public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

  /// Compiles the network.
  ///
  /// - Throws: `BalanceError` for settings that do not fit the data.
  public init(_ data: LoadedData, configuration: TrainingConfiguration, pool: ComputePool)
    throws(BalanceError)
  {
    let configuration = configuration.resolved(for: data.data)
    try configuration.checkFineTuning()
    try configuration.checkOptimization()
    try configuration.checkLoss()
    self.data = data
    self.configuration = configuration
    self.pool = pool
    let counts = data.data.trainingCounts
    let input = ImageShape(
      height: data.cache.height, width: data.cache.width, channels: data.cache.channels)
    network = try configuration.network(input, classes: counts.classCount)
    parameters = try Parameters(network, seed: configuration.seed)
    if let fallback = configuration.precision.fallback { notes.append(fallback) }
    if let path = configuration.initialWeights {
      let head = try InitialWeights(path: path).load(
        into: parameters, classNames: data.data.classNames, renewsHead: configuration.renewsHead
      ) { classes, cosine throws(BalanceError) in
        try configuration.network(input, classes: classes, cosine: cosine)
      }
      notes.append("the weights of \(path) are taken over; \(head)")
    }
    frozen = try configuration.frozenNodes(of: network, epoch: 0)
    lossSchedule = try configuration.lossSchedule()
    objective = try lossSchedule.loss(counts, epoch: 0)
    lossFingerprint = try lossSchedule.fingerprint(counts)
    part = try Self.part(data, configuration, parameters, frozen: frozen, pool: pool)
    optimizer = try ParameterOptimizer(configuration, parameters: parameters, frozen: frozen)
    timesDrawn = [Int32](repeating: 0, count: data.data.training.count)
    stepsPerEpoch =
      (data.data.training.count + configuration.batchSize - 1) / configuration.batchSize
    gradient = .allocate(capacity: configuration.batchSize * network.classes)
    averaged = AveragedWeights(configuration.averaging, of: parameters, pool: pool)
    rates = RateScheduler(
      configuration.rate, epochs: configuration.epochs, stepsPerEpoch: stepsPerEpoch)
    if rates.watchedMetric != nil, data.data.validation.isEmpty {
      throw BalanceError(
        .usage, "reduce-on-plateau waits for validations, and there are no validation images",
        at: "schedule", remedy: "make a split with validation images, or use another schedule")
    }
    if let note = configuration.averagingNote(totalSteps: totalSteps) { notes.append(note) }
    if !frozen.isEmpty { notes.append(Self.share(frozen, of: parameters)) }
    if let featureNote { notes.append(featureNote) }
  }

  deinit { gradient.deallocate() }

  /// Freezes or unfreezes what the epoch asks for; says what has changed.
  private func prepare(epoch: Int) throws(BalanceError) -> String? {
    let wanted = try configuration.frozenNodes(of: network, epoch: epoch)
    guard wanted != frozen else { return nil }
    frozen = wanted
    part = try Self.part(data, configuration, parameters, frozen: frozen, pool: pool)
    optimizer.freeze(frozen, of: parameters)
    notes.append("from epoch \(epoch + 1) on, \(Self.share(frozen, of: parameters))")
    return notes.last
  }

  /// The head alone where its features can be computed once, else the whole network.
  private static func part(
    _ data: LoadedData, _ configuration: TrainingConfiguration, _ parameters: Parameters,
    frozen: Set<Int>, pool: ComputePool
  ) throws(BalanceError) -> any TrainedPart {
    if let head = try FeatureHead(
      data, configuration: configuration, parameters: parameters, frozen: frozen, pool: pool)
    {
      return head
    }
    return try WholeNetwork(
      data, configuration: configuration, parameters: parameters, frozen: frozen, pool: pool)
  }

  private var featureNote: String? {
    if part is FeatureHead {
      return "the features of \(data.data.images.count) images are computed once"
    }
    guard configuration.freezing == .backbone else { return nil }
    return FeatureHead.obstacle(configuration, network).map {
      "the features are computed anew in every epoch, since \($0)"
    }
  }

  private static func share(_ frozen: Set<Int>, of parameters: Parameters) -> String {
    let trained = parameters.entries.reduce(0) { frozen.contains($1.node) ? $0 : $0 + $1.count }
    return "\(trained) of \(parameters.count) parameters are trained"
  }

  /// The order of one epoch.
  public func epochPlan(_ epoch: Int) throws(BalanceError) -> EpochPlan {
    try configuration.strategy.plan(
      labels: Array(data.labels[data.data.training]), classCount: network.classes,
      seed: configuration.seed, epoch: epoch, length: .draws(data.data.training.count))
  }

  public func run(observers: [any TrainingObserver] = []) throws {
    func emit(_ event: TrainingEvent) throws { for each in observers { try each.observe(event) } }
    let start = ContinuousClock.now
    try emit(
      .runBegan(
        .init(
          epochs: configuration.epochs, totalSteps: totalSteps,
          lossFingerprint: lossFingerprint)))
    for note in notes { try emit(.note(note)) }
    var step = 0
    for epoch in 0..<configuration.epochs {
      for case let note? in [try prepare(epoch: epoch), try reweigh(epoch: epoch)] {
        try emit(.note(note))
      }
      let draws = try epochPlan(epoch)
      try emit(.epochBegan(.init(epoch: epoch, plan: draws)))
      let loader = try part.batches(draws)
      var (lossSum, weightSum, rate) = (0.0, 0.0, 0.0)
      while let batch = loader.next() {
        let randomness = PlanRandomness(seed: configuration.seed, step: step)
        rate = rates.rate(step: step)
        let loss = try takeStep(
          batch, randomness: randomness, rate: rate, momentum: rates.momentum(step: step))
        guard loss.isFinite else { throw diverged(loss, step: step, rate: rate) }
        averaged?.update()
        let weight = objective.totalWeight(of: batch.labels)
        lossSum += loss * weight
        weightSum += weight
        try emit(
          .stepEnded(
            .init(step: step, epoch: epoch, count: batch.count, loss: loss, learningRate: rate)))
        step += 1
      }
      for draw in draws.draws { timesDrawn[Int(draw.image)] += 1 }
      let validation = try validate()
      if let validation, let figure = watchedFigure(of: validation) {
        rates.epochEnded(figure: figure)
      }
      try emit(
        .epochEnded(
          .init(
            epoch: epoch, loss: lossSum / weightSum, learningRate: rate,
            validation: validation, seconds: start.secondsToNow)))
    }
    averaged?.swap()
    try emit(.runEnded(.init(steps: step, seconds: start.secondsToNow)))
  }

  /// One optimizer step; returns the mean loss of the batch before it. A loss that is not finite
  /// leaves the parameters as they are.
  func takeStep(_ batch: Batch, randomness: PlanRandomness, rate: Double, momentum: Double?)
    throws(BalanceError) -> Double
  {
    let logits = try part.forward(batch, randomness)
    let slice = UnsafeMutableBufferPointer(
      rebasing: gradient[..<(batch.count * network.classes)])
    let loss = objective.evaluate(
      logits: logits, labels: batch.labels, classes: network.classes, gradient: slice)
    guard loss.isFinite else { return loss }
    part.backward(UnsafeBufferPointer(slice))
    optimizer.step(parameters, learningRate: rate, momentum: momentum, on: pool)
    return loss
  }
}
