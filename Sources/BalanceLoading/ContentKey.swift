import BalanceCore
import BalanceDatasets

/// A content hash as two words, as it is in a cache segment's table.
struct ContentKey: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Throws: `BalanceError` with code `data` where the record's hash is not 32 hex digits.
  init(_ record: ImageRecord) throws(BalanceError) {
    guard let key = ContentKey(digits: record.contentHash) else {
      throw BalanceError(
        .data, "has no content hash (found '\(record.contentHash)')", at: record.path,
        remedy: "index the dataset again with 'balance index --reread'")
    }
    self = key
  }

  /// Nil where they are not 32 hexadecimal digits.
  init?(digits: String) {
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}
