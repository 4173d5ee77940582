import BalanceCore
import Foundation

/// The stream for results. Files and programs get them as they are; a terminal, which would obey
/// what is in names, as `Printable.text` has them.
enum StandardOutput {
  private static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// - Throws: `BalanceError` where not all of it could be written.
  static func write(_ text: String) throws(BalanceError) {
    try StandardStream.output.write(isTerminal ? Printable.text(text) : text)
  }

  /// - Throws: as `write`.
  static func writeLine(_ text: String) throws(BalanceError) { try write(text + "\n") }

  /// A value as canonical JSON.
  ///
  /// - Throws: as `write`.
  static func write(json value: some Encodable) throws {
    try write(String(decoding: CanonicalJSON.encode(value), as: UTF8.self))
  }
}
