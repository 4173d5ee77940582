/// Comma-separated values as in RFC 4180: fields with a comma, a quote or a line break stand in
/// quotes, quotes inside are doubled.
package enum CSVText {
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

  /// One record and the line of the file, from 1, that it starts on.
  package struct Record {
    package let line: Int
    package let fields: [String]
  }

  /// What stops the reading: the line, and what is wrong there.
  package struct Malformed: Error {
    package let line: Int
    package let what: String
  }

  /// Calls `body` with each record in turn; blank lines are skipped, CRLF and LF both end a line,
  /// a byte-order mark is skipped.
  package static func forEachRecord<E: Error>(
    in bytes: [UInt8], _ body: (Record) throws(E) -> Void,
    malformed: (Malformed) -> E
  ) throws(E) {
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 1
    while at < bytes.count {
      let start = line
      var fields: [String] = []
      var more = true
      while more {
        var field: [UInt8] = []
        if at < bytes.count, bytes[at] == quote {
          at += 1
          while true {
            guard at < bytes.count else {
              throw malformed(Malformed(line: start, what: "a quoted field never ends"))
            }
            if bytes[at] == quote {
              at += 1
              guard at < bytes.count, bytes[at] == quote else { break }
            }
            if bytes[at] == lf { line += 1 }
            field.append(bytes[at])
            at += 1
          }
          if at < bytes.count, ![comma, cr, lf].contains(bytes[at]) {
            throw malformed(Malformed(line: line, what: "text follows a closing quote"))
          }
        } else {
          let from = at
          while at < bytes.count, bytes[at] != comma, bytes[at] != lf, bytes[at] != cr { at += 1 }
          field.append(contentsOf: bytes[from..<at])
        }
        guard let text = String(validating: field, as: UTF8.self) else {
          throw malformed(Malformed(line: start, what: "is not UTF-8"))
        }
        fields.append(text)
        more = at < bytes.count && bytes[at] == comma
        if more { at += 1 }
      }
      if at < bytes.count, bytes[at] == cr { at += 1 }
      if at < bytes.count, bytes[at] == lf { at += 1 }
      line += 1
      if fields != [""] { try body(Record(line: start, fields: fields)) }
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let cr = UInt8(ascii: "\r")
  private static let lf = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")
}
