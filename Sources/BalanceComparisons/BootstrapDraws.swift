import BalanceCore

/// The finished draws of a bootstrap, quantity by quantity.
struct BootstrapDraws {
  let layout: BootstrapLayout
  /// Where each contrast's quantities start.
  let starts: [Int]
  let draws: Int
  let storage: DrawStorage
  let options: ComparisonOptions

  private func values(_ contrast: Int, _ quantity: Int) -> Slice<UnsafeMutableBufferPointer<Float>>
  {
    let start = (starts[contrast] + quantity) * draws
    return storage.values[start..<start + draws]
  }

  /// The percentile interval that covers `options.coverage` of the draws.
  ///
  /// Source: Efron and Tibshirani, *An introduction to the bootstrap*, 1993, section 13.3.
  func interval(_ contrast: Int, _ quantity: Int) -> Interval {
    let sorted = values(contrast, quantity).sorted()
    let tail = (1 - options.coverage) / 2
    return Interval(
      lower: Self.quantile(sorted, tail), upper: Self.quantile(sorted, 1 - tail))
  }

  /// Two-sided p-value of "no difference": twice the smaller share of draws on either side of 0,
  /// with one added to both counts so that it is never 0.
  func pValue(_ contrast: Int, _ quantity: Int) -> Double {
    var low = 1
    var high = 1
    for value in values(contrast, quantity) {
      // A float's rounding must not turn "no difference" into a side.
      if value < 1e-7 { low += 1 }
      if value > -1e-7 { high += 1 }
    }
    return min(1, 2 * Double(min(low, high)) / Double(draws + 1))
  }

  /// Linear interpolation between order statistics (type 7, numpy's default).
  private static func quantile(_ sorted: [Float], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(saturating: position)
    let above = min(below + 1, sorted.count - 1)
    let fraction = position - Double(below)
    return Double(sorted[below]) * (1 - fraction) + Double(sorted[above]) * fraction
  }
}
