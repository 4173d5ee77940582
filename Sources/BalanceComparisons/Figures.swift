import BalanceCore
import Foundation

/// Figures as reports print them: a true minus sign, never a negative zero, never `nan`.
public enum Figures {
  /// `0.877`, `−0.020`; an undefined figure is an en dash.
  public static func fixed(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    let text = String(format: "%.\(digits)f", abs(value))
    return (isZero(text) || value >= 0 ? "" : "−") + text
  }

  /// `+0.041`, `−0.020`, `0.000`.
  public static func signed(_ value: Double, digits: Int = 3) -> String {
    let text = fixed(value, digits: digits)
    return value > 0 && value.isFinite && !isZero(text) ? "+" + text : text
  }

  /// A share in [0, 1] as `98.9 %`, with a no-break space.
  public static func percent(_ value: Double, digits: Int = 1) -> String {
    value.isFinite ? fixed(100 * value, digits: digits) + "\u{A0}%" : "–"
  }

  /// A p-value: three digits, and `< 0.001` below.
  public static func probability(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : fixed(value)
  }

  /// `12,406`.
  public static func count(_ value: Int) -> String {
    var text = String(value.magnitude)
    var index = text.count - 3
    while index > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: index))
      index -= 3
    }
    return (value < 0 ? "−" : "") + text
  }

  /// `1 seed`, `5 seeds`, `3 classes`.
  public static func counted(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    count(value) + "\u{A0}" + (value == 1 ? one : many ?? one + "s")
  }

  /// `a`, `a and b`, `a, b and c`.
  public static func list(_ words: [String]) -> String { words.listed(by: "and") }

  private static func isZero(_ text: String) -> Bool {
    text.allSatisfy { $0 == "0" || $0 == "." }
  }
}
