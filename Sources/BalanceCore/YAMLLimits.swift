/// How much of YAML is read: checked before a text is parsed, since a parser that looks for keys
/// that occur twice follows every alias, and ten lines of aliases to aliases are a billion keys.
package enum YAMLLimits {
  /// Text of more bytes is no list of settings.
  private static let mostBytes = 16 << 20
  /// So many aliases can make each part of a text at most 81 times as large: 3 in each of 4 layers.
  private static let mostAliases = 12

  /// - Throws: `BalanceError` with code `usage` for a text that is too long or has too many
  ///   aliases, with the line.
  package static func check(_ text: String, file: String) throws(BalanceError) {
    var text = text
    let (count, line) = text.withUTF8 { ($0.count, excess($0)) }
    guard count <= mostBytes else {
      throw BalanceError(
        .usage, "has \(count) bytes, more than \(mostBytes)", at: file,
        remedy: "name a YAML file of settings")
    }
    if let line {
      throw BalanceError(
        .usage, "has more than \(mostAliases) aliases (*NAME)", at: "\(file), line \(line)",
        remedy: "write out what they stand for")
    }
  }

  /// The line of the first alias too many; nil where there is none.
  ///
  /// A star counts where a value may begin, in a text in quotes or a comment as well: few have any.
  private static func excess(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var line = 1
    var aliases = 0
    // The last byte that is no blank, a line break at first.
    var last: UInt8 = 0x0A
    var follows = true
    for byte in text {
      if byte == UInt8(ascii: "*"), follows || opensValue(last), mayPrecedeValue(last) {
        aliases += 1
        if aliases > mostAliases { return line }
      }
      if byte == 0x0A { line += 1 }
      follows = byte == 0x20 || byte == 0x09
      if !follows { last = byte }
    }
    return nil
  }

  /// Whether a value may follow this byte, with or without blanks between. Bytes beyond ASCII
  /// may end a character that breaks lines.
  private static func mayPrecedeValue(_ byte: UInt8) -> Bool {
    opensValue(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
  }

  /// Whether a value may directly follow this byte.
  private static func opensValue(_ byte: UInt8) -> Bool {
    byte >= 0x80 || [0x0A, 0x0D].contains(byte)
      || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(byte)
  }
}
