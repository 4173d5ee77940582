import BalanceCore
import Foundation

/// A linear axis over [low, high] with ticks at round values.
package struct PlotAxis {
  let low: Double
  let high: Double
  package let ticks: [Double]
  /// Decimals that tell the ticks apart.
  package let digits: Int

  /// More than any axis has, so that no values whatever fill the memory.
  private static let mostTicks = 1000.0

  /// Covers `values` with a margin, within `bounds`.
  ///
  /// - Parameter minimum: the least width, so that a chart of equal values does not magnify
  ///   rounding; as a rule a few points of a score.
  package init(
    _ values: [Double], in bounds: ClosedRange<Double>, ticks wanted: Int = 5,
    atLeast minimum: Double = 0.02
  ) {
    let finite = values.filter(\.isFinite)
    var low = max(bounds.lowerBound, finite.min() ?? bounds.lowerBound)
    var high = min(bounds.upperBound, finite.max() ?? bounds.upperBound)
    // Of large values a thousandth, since less would vanish in their rounding.
    let minimum = min(
      max(minimum, 1e-3 * max(abs(low), abs(high))), bounds.upperBound - bounds.lowerBound)
    if high - low < minimum {
      low = max(bounds.lowerBound, low / 2 + high / 2 - minimum / 2)
      high = min(bounds.upperBound, low + minimum)
    }
    let margin = 0.07 * (high - low)
    low = max(bounds.lowerBound, low - margin)
    high = min(bounds.upperBound, high + margin)
    let step = Self.roundUp((high - low) / Double(wanted))
    self.low = low
    self.high = high
    digits = max(0, Int(saturating: (-log10(step)).rounded(.up)))
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    let count = Int(saturating: min(Self.mostTicks, max(0, last - first + 1)))
    ticks = (0..<count).map { (first + Double($0)) * step }
  }

  /// Where `value` lies, in percent of the axis, 0...100.
  package func position(_ value: Double) -> Double {
    min(100, max(0, 100 * (value - low) / (high - low)))
  }

  /// Factors that waste less of an axis than 1, 2, 5 do.
  package static let fine: [Double] = [1, 1.5, 2, 3, 4, 5, 6, 8]

  /// The smallest of `factors` × 10ⁿ that is at least `value`.
  package static func roundUp(_ value: Double, to factors: [Double] = [1, 2, 5]) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    let power = pow(10, log10(value).rounded(.down))
    for factor in factors where factor * power >= value * (1 - 1e-9) { return factor * power }
    return 10 * power
  }
}

/// Numbers in CSS and in data attributes: ASCII, no locale.
package enum Markup {
  /// Two decimals, for positions in percent.
  package static func position(_ value: Double) -> String { String(format: "%.2f", value) }

  /// All digits, so that a figure can be read back exactly.
  package static func number(_ value: Double) -> String { "\(value)" }
}
