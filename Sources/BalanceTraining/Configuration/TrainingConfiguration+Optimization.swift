import BalanceCore
import BalanceNetworks
public import BalanceOptimizers

extension TrainingConfiguration {
  /// Parameters that weight decay leaves alone.
  public enum DecaySparing: String, CaseIterable, Sendable {
    case none
    case normsAndBiases = "norms-and-biases"
  }

  /// The learning rate before its schedule: what was asked for, else what is usual for the
  /// optimizer, 0.1 for SGD and 0.001 for Adam and its kin.
  public var learningRate: Double {
    get { givenLearningRate ?? optimizer.usualRate }
    set { givenLearningRate = newValue }
  }

  /// The base rate with its schedule and warm-up.
  public var rate: LearningRate {
    LearningRate(base: learningRate, schedule: schedule, unit: scheduleUnit, warmUp: warmUp)
  }

  /// Refuses settings of optimizer and learning rate that make no sense together.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  func checkOptimization() throws(BalanceError) {
    func refuse(_ name: String, _ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.usage, what, at: name, remedy: remedy)
    }
    _ = try optimizer.rule(momentum: momentum, weightDecay: weightDecay)
    if !optimizer.usesMomentum, momentum != TrainingConfiguration().momentum {
      throw refuse(
        "momentum", "\(optimizer) has no momentum but its first beta",
        "write it with the optimizer, as in adamw:\(momentum)")
    }
    if case .oneCycle(let cycle) = schedule {
      if warmUp != .none {
        throw refuse("warm-up", "the schedule one-cycle warms up itself", "leave the warm-up out")
      }
      if cycle.momentum?.lowerBound == 0, optimizer == .nesterov {
        throw refuse(
          "schedule", "Nesterov's momentum needs a momentum above 0",
          "raise the lower bound of one-cycle's momentum")
      }
    }
    if case .reduceOnPlateau = schedule, scheduleUnit == .step {
      throw refuse(
        "schedule-by", "reduce-on-plateau waits for validations, which come once an epoch",
        "set it to epoch")
    }
    if case .epochs(let count) = warmUp, count > epochs {
      throw refuse(
        "warm-up", "it would last \(count) epochs of \(epochs)", "shorten the warm-up")
    }
  }

  /// What is evaluated and saved, for `RunRecord.settings`.
  var weightsKept: String {
    let which =
      switch weightChoice {
      case .last: "the last epoch"
      case .best(let metric): "the epoch with the best validation \(metric.title)"
      }
    return averaging == .none ? "those of \(which)" : "the moving average after \(which)"
  }

  /// Settings that need validation images; each with what it watches.
  var watchedMetrics: [(setting: String, metric: ValidationMetric)] {
    var watched: [(String, ValidationMetric)] = []
    if case .reduceOnPlateau(let rule) = schedule { watched.append(("schedule", rule.metric)) }
    if let metric = earlyStopping.metric { watched.append(("early-stopping", metric)) }
    if case .best(let metric) = weightChoice { watched.append(("keep", metric)) }
    if postHoc == .temperature { watched.append(("post-hoc", .loss)) }
    return watched
  }

  /// What there is to say of gradients summed over batches; nil without.
  func accumulationNote(_ network: Network) -> String? {
    guard accumulation > 1 else { return nil }
    let images = "\(accumulation) × \(batchSize) images"
    let hasNorms = network.nodes.contains {
      if case .batchNorm = $0.operation { true } else { false }
    }
    return "a step takes the gradient of \(images)"
      + (hasNorms ? "; batch norms see \(batchSize) of them at a time" : "")
  }

  /// What there is to say of the moving average; nil without one.
  func averagingNote(totalSteps: Int) -> String? {
    guard case .ema(let decay, _) = averaging else { return nil }
    let memory = 1 / (1 - decay)
    var note = "the moving average of the weights, decay \(decay), is evaluated and saved"
    if memory > Double(totalSteps) {
      note +=
        "; it looks back over \(Int(saturating: memory.rounded())) steps, more than the run has"
    }
    return note
  }
}
