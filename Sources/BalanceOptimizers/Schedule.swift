public import BalanceCore
import Foundation

/// The learning rate as a function of the tick e (from 0) out of E, equal to the class of the same
/// name in `torch.optim.lr_scheduler` stepped once a tick. A tick is an epoch, or an optimizer step
/// where `LearningRate.unit` says so; every count of a schedule is in ticks.
public enum Schedule: Spelled {
  /// base
  case constant
  /// base · γ^⌊e / every⌋ (StepLR)
  case step(every: Int, gamma: Double)
  /// base · γ^(number of milestones ≤ e) (MultiStepLR)
  case multiStep(milestones: [Int], gamma: Double)
  /// minimum + (base − minimum)(1 + cos(π e / E)) / 2 (CosineAnnealingLR with T_max = E); minimum
  /// from e = E on.
  case cosine(minimum: Double)
  /// The cosine from base to minimum over `period` ticks, then again over `factor` times as many,
  /// and so on (CosineAnnealingWarmRestarts with T_0 and T_mult).
  case cosineRestarts(period: Int, factor: Int, minimum: Double)
  /// base · (1 − e / E)^power (PolynomialLR with total_iters = E); 0 from e = E on.
  case polynomial(power: Double)
  /// Up to base and down to almost nothing (OneCycleLR with max_lr = base, total_steps = E).
  case oneCycle(OneCycle)
  /// Down by a factor when a validation figure stops improving (ReduceLROnPlateau).
  case reduceOnPlateau(ReduceOnPlateau)

  /// The learning rate of tick `tick` of `ticks`; `base` for `reduceOnPlateau`, whose rates depend
  /// on what happens (`RateScheduler`).
  public func rate(base: Double, tick: Int, of ticks: Int) -> Double {
    switch self {
    case .constant, .reduceOnPlateau: return base
    case .step(let every, let gamma): return base * pow(gamma, Double(tick / max(every, 1)))
    case .multiStep(let milestones, let gamma):
      return base * pow(gamma, Double(milestones.count { $0 <= tick }))
    case .cosine(let minimum):
      return Self.cosine(base, minimum, min(Double(tick) / Double(max(ticks, 1)), 1))
    case .cosineRestarts(let period, let factor, let minimum):
      var (length, into) = (max(period, 1), tick)
      while into >= length {
        into -= length
        length *= max(factor, 1)
      }
      return Self.cosine(base, minimum, Double(into) / Double(length))
    case .polynomial(let power):
      return base * pow(1 - min(Double(tick) / Double(max(ticks, 1)), 1), power)
    case .oneCycle(let cycle): return cycle.rate(peak: base, tick: tick, of: ticks)
    }
  }

  private static func cosine(_ base: Double, _ minimum: Double, _ progress: Double) -> Double {
    minimum + (base - minimum) * (1 + cos(.pi * progress)) / 2
  }
}
