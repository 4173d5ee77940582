import BalanceCore
import Mustache

/// Escapes for HTML text and quoted attributes, scalar by scalar.
///
/// The engine's own escaping goes by whole characters, so that a quote followed by a combining
/// accent, which is one character, would pass as it is and end an attribute. What would not be
/// seen, or turns the direction of writing, is written as `Printable` has it.
struct ScalarHTML: MustacheContentType {
  static let name = "BALANCE_HTML"

  /// Registers the type once; templates then ask for it by a pragma.
  static let register: Void = MustacheContentTypes.register(ScalarHTML(), named: name)

  func escapeText(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in Printable.text(text).unicodeScalars {
      switch scalar {
      case "<": out.append(contentsOf: "&lt;".unicodeScalars)
      case ">": out.append(contentsOf: "&gt;".unicodeScalars)
      case "&": out.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
      case "'": out.append(contentsOf: "&#39;".unicodeScalars)
      default: out.append(scalar)
      }
    }
    return String(out)
  }
}
