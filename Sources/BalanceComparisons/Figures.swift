import BalanceCore

/// Figures as reports print them: `NumberText`'s, with signs, and joined to their words by no-break
/// spaces.
public enum Figures {
  /// `0.877`, `−0.020`; an undefined figure is an en dash.
  public static func fixed(_ value: Double, digits: Int = 3) -> String {
    NumberText.fixed(value, digits: digits)
  }

  /// `+0.041`, `−0.020`, `0.000`.
  public static func signed(_ value: Double, digits: Int = 3) -> String {
    let text = fixed(value, digits: digits)
    return value > 0 && value.isFinite && !NumberText.isZero(text) ? "+" + text : text
  }

  /// A share in [0, 1] as `98.9 %`, with a no-break space.
  public static func percent(_ value: Double, digits: Int = 1) -> String {
    NumberText.percent(value, digits: digits, space: noBreak)
  }

  /// A p-value: three digits, and `< 0.001` below.
  public static func probability(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : fixed(value)
  }

  /// `12,406`.
  public static func count(_ value: Int) -> String { NumberText.grouped(value) }

  /// `1 seed`, `5 seeds`, `3 classes`.
  public static func counted(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    NumberText.counted(value, one, many, space: noBreak)
  }

  /// `a`, `a and b`, `a, b and c`.
  public static func list(_ words: [String]) -> String { words.listed(by: "and") }

  private static let noBreak = "\u{A0}"
}
