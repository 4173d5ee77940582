import BalanceCore

/// A table of text: columns aligned, the first to the left, the others to the right; what would not
/// print is escaped in its cell.
struct TextTable {
  private var rows: [[String]] = []
  /// Cells longer than this are cut, with an ellipsis in the middle.
  private let widest: Int

  init(_ header: [String], widest: Int = 28) {
    self.widest = widest
    add(header)
  }

  mutating func add(_ row: [String]) { rows.append(row.map(Printable.line)) }

  /// The lines, each indented by two spaces, without spaces at the end.
  var lines: [String] {
    let rows = rows.map { $0.map { Self.cut($0, to: widest) } }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? Self.width($0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = "  "
      for (column, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - Self.width(cell))
        if column > 0 { line += "  " }
        line += column == 0 ? cell + pad : pad + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  var text: String { lines.map { $0 + "\n" }.joined() }

  /// Words on lines of at most `columns`, each indented; what would not print is escaped.
  static func wrapped(_ text: String, indent: Int, first: String? = nil, columns: Int = 80)
    -> String
  {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = first ?? margin
    var isEmpty = true
    for word in Printable.line(text).split(separator: " ") {
      if !isEmpty, width(line) + 1 + width(String(word)) > columns {
        lines.append(line)
        line = margin
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }

  /// At most `columns` wide, with `…` in the middle where something is left out.
  static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    let half = (columns - 1) / 2
    var head = ""
    for character in text {
      guard width(head) + width(String(character)) <= columns - 1 - half else { break }
      head.append(character)
    }
    var tail = ""
    for character in text.reversed() {
      guard width(tail) + width(String(character)) <= half else { break }
      tail = String(character) + tail
    }
    return head + "…" + tail
  }

  /// As much of the beginning as takes at most so many columns.
  static func prefix(_ text: String, columns: Int) -> String {
    var rest = columns
    return String(
      text.prefix { character in
        rest -= width(String(character))
        return rest >= 0
      })
  }

  /// Columns on a terminal: 2 for the wide characters of East Asia, 0 for what combines.
  static func width(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      switch scalar.value {
      case 0x300...0x36F, 0x200B...0x200F: return sum
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        return sum + 2
      default: return sum + 1
      }
    }
  }
}
