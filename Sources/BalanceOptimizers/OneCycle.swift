import Foundation

/// The one-cycle policy in two cosine phases, as `torch.optim.lr_scheduler.OneCycleLR`: from
/// peak / `startDivisor` up to the peak over the share `rise` of the run, then down to
/// peak / `startDivisor` / `endDivisor`. A momentum, where it is given, goes the other way.
///
/// Source: Smith and Topin, *Super-convergence: very fast training of neural networks using large
/// learning rates*, 2018; the phases are PyTorch's.
public struct OneCycle: Hashable, Sendable {
  /// Share of the run in which the rate rises, in 0...1.
  public var rise: Double
  public var startDivisor: Double
  public var endDivisor: Double
  /// From its upper bound down to its lower at the peak of the rate, and back; nil leaves the
  /// optimizer's own.
  public var momentum: ClosedRange<Double>?

  public init(
    rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4,
    momentum: ClosedRange<Double>? = nil
  ) {
    self.rise = rise
    self.startDivisor = startDivisor
    self.endDivisor = endDivisor
    self.momentum = momentum
  }

  func rate(peak: Double, tick: Int, of ticks: Int) -> Double {
    let start = peak / startDivisor
    return value(start, peak, start / endDivisor, tick: tick, of: ticks)
  }

  /// The momentum of tick `tick` of `ticks`.
  func momentum(tick: Int, of ticks: Int) -> Double? {
    momentum.map { value($0.upperBound, $0.lowerBound, $0.upperBound, tick: tick, of: ticks) }
  }

  private func value(_ start: Double, _ peak: Double, _ end: Double, tick: Int, of ticks: Int)
    -> Double
  {
    let top = rise * Double(ticks) - 1
    let last = Double(ticks) - 1
    let now = min(Double(tick), last)
    if now <= top { return anneal(start, peak, top == 0 ? 1 : now / top) }
    return anneal(peak, end, last == top ? 1 : (now - top) / (last - top))
  }

  private func anneal(_ from: Double, _ to: Double, _ progress: Double) -> Double {
    to + (from - to) / 2 * (1 + cos(.pi * progress))
  }
}
