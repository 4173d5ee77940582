import BalanceCore
import Datasets

/// A content hash as two words, as it stands in a cache segment's table.
struct ContentKey: Hashable, Sendable {
  static let byteCount = 16

  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Throws: `BalanceError` with code `data` where the record's hash is not 32 hex digits.
  init(_ record: ImageRecord) throws(BalanceError) {
    let digits = record.contentHash
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.suffix(16), radix: 16)
    else {
      throw BalanceError(
        .data, "has no content hash (found '\(digits)')", at: record.path,
        remedy: "index the dataset again")
    }
    self.init(high: high, low: low)
  }
}
