import Foundation

/// Numbers as people read them, in sentences and in tables: a true minus sign, never a negative
/// zero, never `nan`.
public enum NumberText {
  /// `0.877`, `−0.020`; an undefined value is an en dash.
  public static func fixed(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    let text = String(format: "%.\(digits)f", abs(value))
    return (value < 0 && !isZero(text) ? "−" : "") + text
  }

  /// A share in [0, 1] as `98.9 %`.
  public static func percent(_ share: Double, digits: Int = 1, space: String = " ") -> String {
    share.isFinite ? fixed(100 * share, digits: digits) + space + "%" : "–"
  }

  /// `12,406`.
  public static func grouped(_ value: Int) -> String {
    var text = String(value.magnitude)
    var index = text.count - 3
    while index > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: index))
      index -= 3
    }
    return (value < 0 ? "−" : "") + text
  }

  /// `1 seed`, `1,200 seeds`, `3 classes have`.
  ///
  /// - Parameter many: the words for any number but one; `one` and an s by default.
  public static func counted(
    _ value: Int, _ one: String, _ many: String? = nil, space: String = " "
  ) -> String {
    grouped(value) + space + (value == 1 ? one : many ?? one + "s")
  }

  /// Whether all of the digits that are printed are zeros.
  package static func isZero(_ text: String) -> Bool { text.allSatisfy { $0 == "0" || $0 == "." } }
}
