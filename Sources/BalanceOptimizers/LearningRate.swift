/// A base rate, its schedule, what the schedule counts in, and a warm-up.
public struct LearningRate: Codable, Hashable, Sendable {
  /// What a schedule's ticks are.
  public enum Unit: String, CaseIterable, Codable, Sendable { case epoch, step }

  public var base: Double
  public var schedule: Schedule
  public var unit: Unit
  public var warmUp: WarmUp

  public init(
    base: Double, schedule: Schedule = .constant, unit: Unit = .epoch, warmUp: WarmUp = .none
  ) {
    self.base = base
    self.schedule = schedule
    self.unit = unit
    self.warmUp = warmUp
  }
}

/// The learning rates of one run, step by step, with what they depend on: a training loop asks it
/// before each step and tells it each epoch's validation.
public struct RateScheduler: Codable, Hashable, Sendable {
  public let learningRate: LearningRate
  public let epochs: Int
  public let stepsPerEpoch: Int
  /// Of `Schedule.reduceOnPlateau`.
  public private(set) var plateau: ReduceOnPlateau.State

  /// - Precondition: `stepsPerEpoch > 0`.
  public init(_ learningRate: LearningRate, epochs: Int, stepsPerEpoch: Int) {
    precondition(stepsPerEpoch > 0, "an epoch has \(stepsPerEpoch) steps")
    self.learningRate = learningRate
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    plateau = ReduceOnPlateau.State(rate: learningRate.base)
  }

  /// The learning rate of optimizer step `step`, from 0 over all epochs.
  public func rate(step: Int) -> Double {
    let (tick, ticks) = position(step)
    let rate: Double
    if case .reduceOnPlateau = learningRate.schedule {
      rate = plateau.rate
    } else {
      rate = learningRate.schedule.rate(base: learningRate.base, tick: tick, of: ticks)
    }
    return rate * learningRate.warmUp.factor(step: step, stepsPerEpoch: stepsPerEpoch)
  }

  /// The momentum of optimizer step `step`; nil for that of the optimizer.
  public func momentum(step: Int) -> Double? {
    guard case .oneCycle(let cycle) = learningRate.schedule else { return nil }
    let (tick, ticks) = position(step)
    return cycle.momentum(tick: tick, of: ticks)
  }

  private func position(_ step: Int) -> (tick: Int, ticks: Int) {
    switch learningRate.unit {
    case .epoch: (step / stepsPerEpoch, epochs)
    case .step: (step, epochs * stepsPerEpoch)
    }
  }

  /// The validation figure that the schedule wants after each epoch; nil for none.
  public var watchedMetric: ReduceOnPlateau.Metric? {
    guard case .reduceOnPlateau(let rule) = learningRate.schedule else { return nil }
    return rule.metric
  }

  /// Whether this may be the state, after so many epochs, of a scheduler that began as `other`.
  package func isPossible(after epochs: Int, of other: RateScheduler) -> Bool {
    guard learningRate == other.learningRate, self.epochs == other.epochs,
      stepsPerEpoch == other.stepsPerEpoch
    else { return false }
    guard case .reduceOnPlateau(let rule) = learningRate.schedule else {
      return plateau == other.plateau
    }
    return plateau.isPossible(after: epochs, cooldown: rule.cooldown)
  }

  /// Takes the figure of `watchedMetric` at the end of an epoch.
  public mutating func epochEnded(figure: Double) {
    guard case .reduceOnPlateau(let rule) = learningRate.schedule else { return }
    rule.observe(figure, &plateau)
  }
}
