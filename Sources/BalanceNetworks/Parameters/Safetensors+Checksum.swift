import BalanceCore
import Foundation

/// A checksum over a whole file, kept in its metadata: XXH3 of 128 bits over the XXH3 of the
/// header, with zeros in the checksum's place, and that of the data.
extension Safetensors {
  private static let checksumKey = "balance-checksum"
  private static let blank = String(repeating: "0", count: 2 * ContentHash.byteCount)

  /// The metadata with a place for a checksum.
  static func withChecksum(_ metadata: [String: String]) -> [String: String] {
    metadata.merging([checksumKey: blank]) { $1 }
  }

  /// Writes the checksum into its place.
  static func seal(_ file: inout Data) {
    guard let (place, digits) = checksum(of: file) else { return }
    file.replaceSubrange(place, with: digits.utf8)
  }

  /// Whether a file that can be decoded is as it was written; nil where it has no checksum.
  static func fitsChecksum(_ file: Data) -> Bool? {
    checksum(of: file).map { place, digits in file[place].elementsEqual(digits.utf8) }
  }

  /// Where a file has its checksum, and what it ought to be.
  private static func checksum(of file: Data) -> (place: Range<Int>, digits: String)? {
    guard let header = try? headerRange(file),
      // Quotes within the header's strings are escaped, so that this is the key itself.
      let key = file.range(of: Data("\"\(checksumKey)\":\"".utf8), in: header),
      key.upperBound + blank.utf8.count <= header.upperBound
    else { return nil }
    let place = key.upperBound..<key.upperBound + blank.utf8.count
    var head = Data(file[..<header.upperBound])
    head.replaceSubrange(
      place.lowerBound - file.startIndex..<place.upperBound - file.startIndex, with: blank.utf8)
    let parts = [head, file[header.upperBound...]].map { part in
      part.withUnsafeBytes { ContentHash(of: $0).bytes }
    }
    return (place, (parts[0] + parts[1]).withUnsafeBytes { ContentHash(of: $0).hex })
  }
}
