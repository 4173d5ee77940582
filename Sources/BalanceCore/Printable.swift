package import Foundation

/// Makes text from data safe to show: a name must not move the cursor of a terminal, begin a line
/// of its own, turn the direction of writing, or look like another name.
///
/// Whatever is written for people goes through here where it is written: errors, notes, tables,
/// reports. What programs read back (`predictions.csv`) stays as it is.
package enum Printable {
  /// The text on one line: controls, marks that turn the direction of writing, and scalars that
  /// cannot be seen are written as `\n`, `\t`, `\r` or `\u{…}`.
  package static func line(_ text: String) -> String { escaped(text, keepsLines: false) }

  /// As `line`, but line feeds stay: for text that has lines of its own, made from names that have
  /// gone through `line`.
  package static func text(_ text: String) -> String { escaped(text, keepsLines: true) }

  /// JSON with the same scalars as JSON's own escapes; an encoder leaves those past U+007E alone.
  package static func json(_ json: Data) -> Data {
    guard json.contains(where: { $0 >= 0x7F }) else { return json }
    return Data(
      escaped(String(decoding: json, as: UTF8.self), keepsLines: true) { scalar in
        scalar.value <= 0x1F
          ? String(scalar)
          : scalar.utf16.map { "\\u" + hex($0, digits: 4) }.joined()
      }.utf8)
  }

  /// The words of an error that comes from a library, its lines joined by spaces.
  package static func folded(_ error: any Error) -> String {
    "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func escaped(
    _ text: String, keepsLines: Bool, by escape: (Unicode.Scalar) -> String = escape
  ) -> String {
    // Nearly all text is plain.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if isHidden(scalar, after: previous), !(keepsLines && scalar == "\n") {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
      previous = scalar
    }
    return String(result)
  }

  /// Whether a reader would not see the scalar, or see others in another place because of it.
  package static func isHidden(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
    switch scalar {
    case " "..."~": return false
    // Joiners and variation selectors are part of many scripts and of emoji; after a Latin letter
    // they only hide.
    case "\u{200C}", "\u{200D}", "\u{FE00}"..."\u{FE0F}": return previous?.isASCII ?? true
    default:
      let properties = scalar.properties
      switch properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: return true
      default: return properties.isDefaultIgnorableCodePoint
      }
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  private static func hex(_ unit: UInt16, digits: Int) -> String {
    let text = String(unit, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
