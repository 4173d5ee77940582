import BalanceCore

/// Text from data within Markdown.
package enum MarkdownText {
  /// Text that means itself: it starts no HTML, link, list, heading or formula, and stays in its
  /// cell of a table. What would not print is written as `Printable.line` has it.
  package static func escaped(_ text: String) -> String {
    let scalars = Array(Printable.line(text).unicodeScalars)
    var out = ""
    for (place, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "$": out += "\\" + String(scalar)
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      // At the start of a paragraph they begin a list, or underline a heading.
      case "-", "+", "=": out += (place == 0 ? "\\" : "") + String(scalar)
      case ".", ")":
        let isNumbered = place > 0 && scalars[..<place].allSatisfy { ("0"..."9").contains($0) }
        out += (isNumbered ? "\\" : "") + String(scalar)
      // An address would become a link.
      case ":": out += (scalars[(place + 1)...].starts(with: ["/", "/"]) ? "\\" : "") + ":"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
