package import BalanceCore
package import Foundation

/// Reads delimited text record by record (RFC 4180), in constant memory.
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
  /// The file, as messages name it.
  package let name: String
  /// A record of more bytes, fields counted as one each, is no row of a table.
  package static let largestRecord = 16 << 20
  /// The line, from 1, on which the current record starts.
  package private(set) var line = 0
  /// Negative until the file is open.
  private var descriptor: Int32 = -1
  private var delimiter = TableDelimiter.comma
  private var chunk: [UInt8]
  private var position = 0
  private var filled = 0
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
    self.name = name ?? url.path
    chunk = [UInt8](repeating: 0, count: max(4, chunkSize))
    descriptor = try Self.open(url, name: self.name)
    try fill()
    guard !Self.isUTF16(chunk[..<filled]) else {
      throw BalanceError(
        .data, "is UTF-16 text, expected UTF-8", at: self.name,
        remedy: "save it as \"CSV UTF-8\"")
    }
    if filled >= 3, chunk[0] == 0xEF, chunk[1] == 0xBB, chunk[2] == 0xBF { position = 3 }
    self.delimiter =
      delimiter
      ?? (url.pathExtension.lowercased() == "tsv"
        ? .tab : TableDelimiter.likely(chunk[position..<filled], fields: fields))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether text begins with the byte order mark of UTF-16, or with a letter of ASCII as it stands
  /// there.
  private static func isUTF16(_ text: ArraySlice<UInt8>) -> Bool {
    let start = Array(text.prefix(2))
    return start == [0xFF, 0xFE] || start == [0xFE, 0xFF]
      || start.count == 2 && (start[0] == 0) != (start[1] == 0)
  }

  private static func open(_ url: URL, name: String) throws(BalanceError) -> Int32 {
    do throws(BalanceError) { return try RegularFile.open(url.path).descriptor } catch {
      throw BalanceError(
        .noInput, error.what, at: name,
        remedy: "check the path of the table and that you may read it")
    }
  }

  /// How many fields the current record has.
  package var fieldCount: Int { ends.count }

  /// A field of the current record; nil where its bytes are not UTF-8.
  ///
  /// - Precondition: `index` in `0..<fieldCount`.
  package func field(_ index: Int) -> String? {
    String(validating: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
  }

  /// Goes to the next record; false at the end of the text.
  ///
  /// - Throws: `BalanceError` with the line, where a quoted field is never closed or goes on
  ///   after its closing quote, a record is larger than `largestRecord`, or the file cannot be
  ///   read.
  package mutating func next() throws(BalanceError) -> Bool {
    while true {
      guard skipBlanks() else { return try ended() }
      // A blank line is no record.
      if chunk[position] == 0x0A || chunk[position] == 0x0D {
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
    if position < filled || refill(), chunk[position] == 0x22 {
      position += 1
      try readQuoted()
    } else {
      try readPlain()
    }
    ends.append(bytes.count)
    guard position < filled || refill() else {
      _ = try ended()
      return false
    }
    let (one, other) = delimiter.bytes
    if chunk[position] == one || chunk[position] == other {
      position += 1
      guard delimiter == .space else { return true }
      guard skipBlanks() else {
        _ = try ended()
        return false
      }
      if chunk[position] != 0x0A, chunk[position] != 0x0D { return true }
    }
    guard chunk[position] == 0x0A || chunk[position] == 0x0D else {
      throw BalanceError(
        .data, "text follows the closing quote of field \(ends.count)", at: "\(name):\(line)",
        remedy: "double the quotes inside a quoted field")
    }
    try lineBreak()
    return false
  }

  /// Goes to the next byte that is no delimiter where runs of them are one; false at the end.
  private mutating func skipBlanks() -> Bool {
    while position < filled || refill() {
      guard delimiter == .space, chunk[position] == 0x20 || chunk[position] == 0x09 else {
        return true
      }
      position += 1
    }
    return false
  }

  /// Appends up to the next delimiter or line break, which stays unread.
  private mutating func readPlain() throws(BalanceError) {
    repeat {
      let start = position
      let (filled, (one, other)) = (filled, delimiter.bytes)
      position = chunk.withUnsafeBufferPointer { chunk in
        var end = start
        while end < filled, chunk[end] != one, chunk[end] != other, chunk[end] != 0x0A,
          chunk[end] != 0x0D
        {
          end += 1
        }
        return end
      }
      bytes.append(contentsOf: chunk[start..<position])
      try checkSize()
    } while position == filled && refill()
  }

  private func checkSize() throws(BalanceError) {
    guard bytes.count + ends.count > Self.largestRecord else { return }
    throw BalanceError(
      .data, "a record is larger than \(Self.largestRecord >> 20) MiB", at: "\(name):\(line)",
      remedy: "check that it is a table, and that the quote of every field is closed")
  }

  /// Appends up to the closing quote, which is read.
  private mutating func readQuoted() throws(BalanceError) {
    while position < filled || refill() {
      let (start, filled) = (position, filled)
      var lines = 0
      position = chunk.withUnsafeBufferPointer { chunk in
        var end = start
        while end < filled, chunk[end] != 0x22 {
          if chunk[end] == 0x0A { lines += 1 }
          end += 1
        }
        return end
      }
      nextLine += lines
      bytes.append(contentsOf: chunk[start..<position])
      try checkSize()
      guard position < filled else { continue }
      position += 1
      guard position < filled || refill(), chunk[position] == 0x22 else { return }
      bytes.append(0x22)
      position += 1
    }
    throw BalanceError(
      .data, "a quoted field is never closed", at: "\(name):\(line)",
      remedy: "close the quote, or double it if it belongs to the text")
  }

  /// Passes over LF, CR LF or CR.
  private mutating func lineBreak() throws(BalanceError) {
    let wasReturn = chunk[position] == 0x0D
    position += 1
    nextLine += 1
    if wasReturn, position < filled || refill(), chunk[position] == 0x0A { position += 1 }
  }

  private var failure: Int32 = 0

  /// Reads the next chunk; false at the end, or on a fault that `ended()` reports.
  private mutating func refill() -> Bool {
    do { try fill() } catch { return false }
    return filled > 0
  }

  private mutating func fill() throws(BalanceError) {
    position = 0
    filled = 0
    var count: Int
    repeat { count = read(descriptor, &chunk, chunk.count) } while count < 0 && errno == EINTR
    if count < 0 { failure = errno }
    filled = max(0, count)
    if failure != 0 { _ = try ended() }
  }

  /// - Throws: if the end was a fault of the disk.
  private func ended() throws(BalanceError) -> Bool {
    guard failure != 0 else { return false }
    throw BalanceError(
      .noInput, "cannot be read (\(String(cString: strerror(failure))))", at: name,
      remedy: "check the disk")
  }
}
