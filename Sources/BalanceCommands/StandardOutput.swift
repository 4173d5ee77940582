import BalanceCore
import Foundation

/// The stream for results.
enum StandardOutput {
  /// - Throws: `BalanceError` where not all of it could be written.
  static func write(_ text: String) throws(BalanceError) { try StandardStream.output.write(text) }

  /// - Throws: as `write`.
  static func writeLine(_ text: String) throws(BalanceError) { try write(text + "\n") }

  /// A value as canonical JSON.
  ///
  /// - Throws: as `write`.
  static func write(json value: some Encodable) throws {
    try write(String(decoding: CanonicalJSON.encode(value), as: UTF8.self))
  }
}
