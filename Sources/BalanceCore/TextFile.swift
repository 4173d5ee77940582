import Foundation

/// Text files that a user names.
package enum TextFile {
  /// What people write by hand is smaller, in bytes.
  private static let limit = 16 << 20

  /// - Throws: `BalanceError` with code `noInput`, or `data` where it is larger than 16 MiB.
  package static func read(_ path: String) throws(BalanceError) -> String {
    let data: Data
    do throws(BalanceError) {
      data = try RegularFile.read(URL(fileURLWithPath: path), limit: limit)
    } catch { throw error.located(at: path) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw BalanceError(
        .noInput, "cannot be read as UTF-8 text", at: path, remedy: "check the path")
    }
    return text
  }
}
