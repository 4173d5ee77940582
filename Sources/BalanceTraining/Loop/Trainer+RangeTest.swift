public import BalanceCore
import BalanceNetworks
import Foundation

extension Trainer {
  /// Trains with a learning rate that rises exponentially from the first step to the last, over as
  /// many epochs as that takes, and says what the losses were. Schedule and warm-up do not matter.
  ///
  /// It stops early where a loss is not finite, or the mean of the last few is four times the
  /// lowest of such means. The parameters are worn out afterwards.
  ///
  /// - Precondition: `0 < low < high` and `steps > 1`.
  public func rangeTest(
    from low: Double, to high: Double, steps: Int, progress: any ProgressReporter
  ) throws -> RateRangeTest {
    precondition(low > 0 && low < high && steps > 1, "rates \(low) to \(high) in \(steps) steps")
    progress.begin("Training", total: steps, unit: "steps")
    defer { progress.end() }
    let recent = RateRangeTest.window(steps)
    var (rates, losses, lowest) = ([Double](), [Double](), Double.infinity)
    var epoch = 0
    while rates.count < steps {
      let batches = try part.batches(epochPlan(epoch), from: 0, check: checkStop)
      while rates.count < steps {
        let step = rates.count
        let rate = low * pow(high / low, Double(step) / Double(steps - 1))
        guard
          let outcome = try takeStep(
            batches, number: step * configuration.accumulation, rate: rate, momentum: nil)
        else { break }
        let loss = outcome.loss
        guard loss.isFinite else {
          return RateRangeTest(rates: rates, losses: losses, diverged: true)
        }
        rates.append(rate)
        losses.append(loss)
        progress.advance(by: 1)
        if losses.count >= recent {
          let mean = losses.suffix(recent).reduce(0, +) / Double(recent)
          lowest = min(lowest, mean)
          if mean > 4 * lowest {
            return RateRangeTest(rates: rates, losses: losses, diverged: true)
          }
        }
      }
      epoch += 1
    }
    return RateRangeTest(rates: rates, losses: losses, diverged: false)
  }
}
