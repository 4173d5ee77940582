package import Foundation

/// Reads delimited text record by record (RFC 4180), a file in constant memory.
///
/// Quoted fields may hold delimiters, line breaks and doubled quotes; lines end with LF, CR LF or
/// CR; a UTF-8 byte order mark is skipped; the last line needs no end; blank lines are passed over.
/// A quote inside an unquoted field stands for itself, and spaces belong to their field.
///
/// Why not a package: the Swift reader that its field uses holds the whole text as a `String` and
/// walks it by grapheme clusters, which for a million rows took seven times the file's size in
/// memory and thirty times as long; it drops the spaces at the start of a field, loses an empty
/// last field at the end of the text, and accepts a quote that is never closed.
package struct CSVReader: ~Copyable {
  /// A record of more bytes, fields counted as one each, is no row of a table.
  package static let largestRecord = 16 << 20
  /// The line, from 1, on which the current record starts.
  package private(set) var line = 0
  private var input: CSVInput
  private var delimiter = TableDelimiter.comma
  private var nextLine = 1
  /// The current record's bytes, without quotes and delimiters, and where each field ends.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// - Parameters:
  ///   - delimiter: nil takes a tab for `.tsv`, and otherwise the likely one.
  ///   - fields: how many a record has, where that is known.
  /// - Throws: `BalanceError`, `noInput` if the file cannot be opened, `data` if it is UTF-16.
  package init(
    _ url: URL, name: String? = nil, delimiter: TableDelimiter? = nil, fields: Int? = nil,
    chunkSize: Int = 1 << 20
  ) throws(BalanceError) {
    input = CSVInput([], name: name ?? url.path)
    try input.open(url, chunkSize: chunkSize)
    try skipMark()
    self.delimiter =
      delimiter
      ?? (url.pathExtension.lowercased() == "tsv"
        ? .tab : TableDelimiter.likely(input.unread, fields: fields))
  }

  /// Reads text with commas that is in memory.
  ///
  /// - Parameter name: where it is from, for errors.
  /// - Throws: `BalanceError` with code `data` if it is UTF-16.
  package init(_ data: Data, name: String) throws(BalanceError) {
    input = CSVInput([UInt8](data), name: name)
    try skipMark()
  }

  /// What is read, as messages name it.
  package var name: String { input.name }

  /// Passes over a byte order mark of UTF-8, and refuses UTF-16.
  private mutating func skipMark() throws(BalanceError) {
    guard !Self.isUTF16(input.unread) else {
      throw BalanceError(
        .data, "is UTF-16 text, expected UTF-8", at: name,
        remedy: "save it as \"CSV UTF-8\"")
    }
    if input.unread.starts(with: [0xEF, 0xBB, 0xBF]) { input.position = 3 }
  }

  /// Whether text begins with the byte order mark of UTF-16, or with a letter of ASCII as it stands
  /// there.
  private static func isUTF16(_ text: ArraySlice<UInt8>) -> Bool {
    let start = Array(text.prefix(2))
    return start == [0xFF, 0xFE] || start == [0xFE, 0xFF]
      || start.count == 2 && (start[0] == 0) != (start[1] == 0)
  }

  /// How many fields the current record has.
  package var fieldCount: Int { ends.count }

  /// A field of the current record; nil where its bytes are not UTF-8.
  ///
  /// - Precondition: `index` in `0..<fieldCount`.
  package func field(_ index: Int) -> String? {
    String(validating: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
  }

  /// Goes to the next record and takes its fields; nil at the end of the text.
  ///
  /// - Throws: `BalanceError` as `next`, and with code `data` where a field is not UTF-8.
  package mutating func nextFields() throws(BalanceError) -> [String]? {
    guard try next() else { return nil }
    var fields: [String] = []
    fields.reserveCapacity(fieldCount)
    for index in 0..<fieldCount {
      guard let field = field(index) else {
        throw BalanceError(
          .data, "is not UTF-8", at: "\(name):\(line)", remedy: "save the file as UTF-8")
      }
      fields.append(field)
    }
    return fields
  }

  /// Goes to the next record; false at the end of the text.
  ///
  /// - Throws: `BalanceError` with the line, where a quoted field is never closed or goes on
  ///   after its closing quote, a record is larger than `largestRecord`, or the file cannot be
  ///   read.
  package mutating func next() throws(BalanceError) -> Bool {
    while true {
      guard skipBlanks() else {
        try input.checkRead()
        return false
      }
      // A blank line is no record.
      if input.next == 0x0A || input.next == 0x0D {
        try lineBreak()
        continue
      }
      break
    }
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    line = nextLine
    while try readField() {}
    return true
  }

  /// Reads one field; true if another follows on the same record.
  private mutating func readField() throws(BalanceError) -> Bool {
    if input.hasByte(), input.next == 0x22 {
      input.position += 1
      try readQuoted()
    } else {
      try readPlain()
    }
    ends.append(bytes.count)
    guard input.hasByte() else {
      try input.checkRead()
      return false
    }
    let (one, other) = delimiter.bytes
    if input.next == one || input.next == other {
      input.position += 1
      guard delimiter == .space else { return true }
      guard skipBlanks() else {
        try input.checkRead()
        return false
      }
      if input.next != 0x0A, input.next != 0x0D { return true }
    }
    guard input.next == 0x0A || input.next == 0x0D else {
      throw BalanceError(
        .data, "text follows the closing quote of field \(ends.count)", at: "\(name):\(line)",
        remedy: "double the quotes inside a quoted field")
    }
    try lineBreak()
    return false
  }

  /// Goes to the next byte that is no delimiter where runs of them are one; false at the end.
  private mutating func skipBlanks() -> Bool {
    while input.hasByte() {
      guard delimiter == .space, input.next == 0x20 || input.next == 0x09 else {
        return true
      }
      input.position += 1
    }
    return false
  }

  /// Appends up to the next delimiter or line break, which stays unread.
  private mutating func readPlain() throws(BalanceError) {
    let (one, other) = delimiter.bytes
    repeat {
      bytes.append(
        contentsOf: input.take { $0 == one || $0 == other || $0 == 0x0A || $0 == 0x0D })
      try checkSize()
    } while input.isChunkRead && input.hasByte()
  }

  private func checkSize() throws(BalanceError) {
    guard bytes.count + ends.count > Self.largestRecord else { return }
    throw BalanceError(
      .data, "a record is larger than \(Self.largestRecord >> 20) MiB", at: "\(name):\(line)",
      remedy: "check that it is a table, and that the quote of every field is closed")
  }

  /// Appends up to the closing quote, which is read.
  private mutating func readQuoted() throws(BalanceError) {
    while input.hasByte() {
      let text = input.take { $0 == 0x22 }
      nextLine += text.count { $0 == 0x0A }
      bytes.append(contentsOf: text)
      try checkSize()
      guard !input.isChunkRead else { continue }
      input.position += 1
      guard input.hasByte(), input.next == 0x22 else { return }
      bytes.append(0x22)
      input.position += 1
    }
    try input.checkRead()
    throw BalanceError(
      .data, "a quoted field is never closed", at: "\(name):\(line)",
      remedy: "close the quote, or double it if it belongs to the text")
  }

  /// Passes over LF, CR LF or CR.
  private mutating func lineBreak() throws(BalanceError) {
    let wasReturn = input.next == 0x0D
    input.position += 1
    nextLine += 1
    if wasReturn, input.hasByte(), input.next == 0x0A { input.position += 1 }
  }
}
