extension String {
  /// Nothing but letters and digits of ASCII, `_-./+:,` and `others`: what neither a shell nor YAML
  /// takes for a sign of its own.
  package func isPlain(and others: String = "") -> Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", "+", ":", ",": true
      default: others.unicodeScalars.contains(scalar)
      }
    }
  }
}

/// Text as words of a shell command, for commands that a user is told to run.
package enum ShellText {
  /// `text` as it is where the shell takes it as one word, else in single quotes. Where it would
  /// not print, `printf` makes it; line feeds at its end are lost then.
  package static func word(_ text: String) -> String {
    if text.isPlain(and: "@="), !text.isEmpty { return text }
    guard Printable.line(text) == text else { return printed(text) }
    return "'"
      + text.splitBytes(at: "'").joined(separator: "'\\''") + "'"
  }

  /// Scalars that print as they are, the bytes of others and of quotes in octal.
  private static func printed(_ text: String) -> String {
    var format = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": format += "\\\\"
      case "%": format += "%%"
      case "'": format += "\\047"
      case _ where Printable.line(String(scalar)) == String(scalar):
        format.unicodeScalars.append(scalar)
      default:
        for byte in String(scalar).utf8 {
          let digits = String(byte, radix: 8)
          format += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
      }
    }
    return "\"$(printf '\(format)')\""
  }
}
