import Foundation

/// The learning rate as a function of the epoch e (from 0) out of E, equal to the class of the same
/// name in `torch.optim.lr_scheduler` stepped once an epoch.
///
/// Written and read as it is spelled on the command line (`description`).
public enum Schedule: Hashable, Sendable {
  /// base
  case constant
  /// base · γ^⌊e / every⌋ (StepLR)
  case step(every: Int, gamma: Double)
  /// base · γ^(number of milestones ≤ e) (MultiStepLR)
  case multiStep(milestones: [Int], gamma: Double)
  /// minimum + (base − minimum)(1 + cos(π e / E)) / 2 (CosineAnnealingLR with T_max = E); minimum
  /// from e = E on.
  case cosine(minimum: Double)

  /// The names that `init(parsing:)` knows.
  public static let names = ["constant", "step", "multistep", "cosine"]

  /// The learning rate of epoch `epoch` of `epochs`.
  public func rate(base: Double, epoch: Int, epochs: Int) -> Double {
    switch self {
    case .constant: return base
    case .step(let every, let gamma): return base * pow(gamma, Double(epoch / max(every, 1)))
    case .multiStep(let milestones, let gamma):
      return base * pow(gamma, Double(milestones.count { $0 <= epoch }))
    case .cosine(let minimum):
      let progress = min(Double(epoch) / Double(max(epochs, 1)), 1)
      return minimum + (base - minimum) * (1 + cos(.pi * progress)) / 2
    }
  }

  /// The learning rate of optimizer step `step` (from 0) of `totalSteps`: that of the epoch it lies
  /// in; a last short epoch counts as one.
  ///
  /// - Precondition: `stepsPerEpoch > 0`.
  public func rate(base: Double, step: Int, totalSteps: Int, stepsPerEpoch: Int) -> Double {
    precondition(stepsPerEpoch > 0, "an epoch has \(stepsPerEpoch) steps")
    let epochs = (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch
    return rate(base: base, epoch: step / stepsPerEpoch, epochs: epochs)
  }
}

/// A base rate, its schedule, and a linear warm-up.
public struct LearningRate: Codable, Hashable, Sendable {
  public var base: Double
  public var schedule: Schedule
  /// The first so many steps have `(step + 1) / warmupSteps` of the schedule's rate; 0 for none.
  public var warmupSteps: Int

  public init(base: Double, schedule: Schedule = .constant, warmupSteps: Int = 0) {
    self.base = base
    self.schedule = schedule
    self.warmupSteps = warmupSteps
  }

  /// The learning rate of optimizer step `step` (from 0) of `totalSteps`.
  ///
  /// - Precondition: `stepsPerEpoch > 0`.
  public func rate(step: Int, totalSteps: Int, stepsPerEpoch: Int) -> Double {
    let rate = schedule.rate(
      base: base, step: step, totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch)
    return step < warmupSteps ? rate * Double(step + 1) / Double(warmupSteps) : rate
  }
}
