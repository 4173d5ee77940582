import Foundation

/// The bytes of a table, a chunk at a time: of a file, or what is in memory already.
struct CSVInput: ~Copyable {
  /// What the bytes come from, as messages name it.
  let name: String
  /// Negative where the text is in memory.
  private var descriptor: Int32 = -1
  private var chunk: [UInt8]
  /// The next byte in `chunk`.
  var position = 0
  /// How many bytes of `chunk` are text.
  private var filled = 0
  /// What the system said of a read that failed.
  private var failure: Int32 = 0

  /// The text that is in memory.
  init(_ text: [UInt8], name: String) {
    self.name = name
    chunk = text
    filled = text.count
  }

  /// Begins with a file in place of what is in memory.
  ///
  /// - Throws: `BalanceError` with code `noInput` if the file cannot be opened or read.
  mutating func open(_ url: URL, chunkSize: Int) throws(BalanceError) {
    do throws(BalanceError) { descriptor = try RegularFile.open(url.path).descriptor } catch {
      throw BalanceError(
        .noInput, error.what, at: name,
        remedy: "check the path of the table and that you may read it")
    }
    chunk = [UInt8](repeating: 0, count: max(4, chunkSize))
    if !refill() { try checkRead() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// What of the chunk is unread.
  var unread: ArraySlice<UInt8> { chunk[position..<filled] }

  /// The next byte, after `hasByte`.
  var next: UInt8 { chunk[position] }

  var isChunkRead: Bool { position == filled }

  /// Passes over the bytes of this chunk up to the first for which `isEnd`, which stays unread.
  ///
  /// - Returns: what was passed over.
  mutating func take(until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let (start, filled) = (position, filled)
    position = chunk.withUnsafeBufferPointer { chunk in
      var end = start
      while end < filled, !isEnd(chunk[end]) { end += 1 }
      return end
    }
    return chunk[start..<position]
  }

  /// Whether there is a next byte: goes to the next chunk where this one is read.
  mutating func hasByte() -> Bool { position < filled || refill() }

  /// Reads the next chunk; false at the end, or on a fault that `checkRead` reports.
  private mutating func refill() -> Bool {
    position = 0
    filled = 0
    guard descriptor >= 0 else { return false }
    var count: Int
    repeat { count = read(descriptor, &chunk, chunk.count) } while count < 0 && errno == EINTR
    if count < 0 { failure = errno }
    filled = max(0, count)
    return filled > 0
  }

  /// - Throws: if the end was a fault of the disk.
  func checkRead() throws(BalanceError) {
    guard failure != 0 else { return }
    throw BalanceError(
      .noInput, "cannot be read (\(String(cString: strerror(failure))))", at: name,
      remedy: "check the disk")
  }
}
