/// Comma-separated values as in RFC 4180: fields with a comma, a quote or a line break are in
/// quotes, quotes inside are doubled. `CSVReader` reads them.
package enum CSVText {
  /// A record with its line feed.
  package static func line(_ fields: [String]) -> String {
    var text = ""
    for (index, field) in fields.enumerated() {
      if index > 0 { text += "," }
      append(field, to: &text)
    }
    return text + "\n"
  }

  /// Appends one field.
  package static func append(_ field: String, to text: inout String) {
    let special = field.utf8.contains { $0 == quote || $0 == comma || $0 == cr || $0 == lf }
    // A lone leading or trailing blank survives only in quotes with many readers.
    guard special || field.utf8.first == blank || field.utf8.last == blank else {
      text += field
      return
    }
    text += "\""
    for character in field.unicodeScalars {
      if character == "\"" { text += "\"" }
      text.unicodeScalars.append(character)
    }
    text += "\""
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let cr = UInt8(ascii: "\r")
  private static let lf = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")
}
