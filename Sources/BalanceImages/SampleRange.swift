public import BalanceCore

/// Which of a 16-bit file's values become 0 and 255: value v becomes
/// (v − low) · 255 / (high − low), rounded to the nearest, halves up; values outside are taken to
/// the next end. Files of at most 8 bits a value have nothing to do with it.
///
/// Many 16-bit files hold values of 10 or 12 bits, and are all but black over the full range.
public struct SampleRange: Codable, Hashable, Sendable, CustomStringConvertible {
  public let low: Int
  public let high: Int

  /// 0 to 65,535: v · 255 / 65,535, rounded.
  public static let full = SampleRange(uncheckedLow: 0, high: 65_535)

  /// - Throws: `BalanceError` with code `usage` unless 0 ≤ `low` < `high` ≤ 65,535.
  public init(low: Int, high: Int) throws(BalanceError) {
    guard low >= 0, low < high, high <= 65_535 else {
      throw BalanceError(
        .usage,
        "a range from \(low) to \(high), expected two whole numbers from 0 to 65535, the "
          + "smaller first", remedy: "write it as 0:4095")
    }
    self.init(uncheckedLow: low, high: high)
  }

  private init(uncheckedLow low: Int, high: Int) {
    self.low = low
    self.high = high
  }

  /// `LOW:HIGH`, such as `0:4095`.
  ///
  /// - Throws: as `init(low:high:)`, and where there are not two numbers.
  public init(parsing text: String) throws(BalanceError) {
    let ends = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      .map { Int(String($0) ?? "") }
    guard ends.count == 2, let low = ends[0], let high = ends[1] else {
      throw BalanceError(
        .usage, "expected 'full', 'auto' or LOW:HIGH, found '\(text)'",
        remedy: "write it as 0:4095")
    }
    try self.init(low: low, high: high)
  }

  /// As `init(parsing:)` reads it.
  public var description: String { "\(low):\(high)" }

  private enum CodingKeys: String, CodingKey {
    case low, high
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      low: fields.decode(Int.self, forKey: .low), high: fields.decode(Int.self, forKey: .high))
  }
}
