/// Which finite numbers a setting or an option can be.
public struct NumberRange: Hashable, Sendable, CustomStringConvertible {
  private let low: Double
  private let includesLow: Bool
  private let high: Double
  private let includesHigh: Bool

  private init(
    low: Double, includesLow: Bool = true, high: Double = .infinity, includesHigh: Bool = true
  ) {
    self.low = low
    self.includesLow = includesLow
    self.high = high
    self.includesHigh = includesHigh
  }

  public static func from(_ low: Double) -> NumberRange { NumberRange(low: low) }

  public static func from(_ low: Double, to high: Double) -> NumberRange {
    NumberRange(low: low, high: high)
  }

  public static func from(_ low: Double, below high: Double) -> NumberRange {
    NumberRange(low: low, high: high, includesHigh: false)
  }

  public static func above(_ low: Double) -> NumberRange {
    NumberRange(low: low, includesLow: false)
  }

  public static func above(_ low: Double, to high: Double) -> NumberRange {
    NumberRange(low: low, includesLow: false, high: high)
  }

  public static func between(_ low: Double, _ high: Double) -> NumberRange {
    NumberRange(low: low, includesLow: false, high: high, includesHigh: false)
  }

  public func contains(_ value: Double) -> Bool {
    value.isFinite && (includesLow ? value >= low : value > low)
      && (includesHigh ? value <= high : value < high)
  }

  /// `from 0 to below 1`, `between 0 and 1`, as it follows "a number".
  public var description: String {
    func text(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
    if !includesLow && !includesHigh { return "between \(text(low)) and \(text(high))" }
    let start = includesLow ? "from \(text(low))" : "above \(text(low))"
    if high == .infinity { return start }
    if !includesLow { return start + " up to \(text(high))" }
    return start + (includesHigh ? " to \(text(high))" : " to below \(text(high))")
  }
}
