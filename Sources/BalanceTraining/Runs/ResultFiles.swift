import BalanceCore
import Foundation

/// What a run's files of results held when it was finished, so that none is used which somebody has
/// changed since.
struct ResultFiles {
  /// XXH3-128 in hexadecimal digits, by the file's name; none for runs of earlier versions.
  let hashes: [String: String]
  let folder: URL

  private static let files: [RunFolder.File] = [
    .weights, .predictions, .validation, .evaluation, .model,
  ]

  /// Those of the files that are there.
  ///
  /// - Throws: `BalanceError` for one that cannot be read.
  static func hashes(in folder: URL) throws(BalanceError) -> [String: String] {
    var hashes: [String: String] = [:]
    for file in files {
      let place = folder.appendingPathComponent(file.rawValue)
      guard FileManager.default.fileExists(atPath: place.path) else { continue }
      hashes[file.rawValue] = try hash(place)
    }
    return hashes
  }

  /// Whether `data` are what the file held, as far as that is known.
  func fit(_ data: Data, _ file: RunFolder.File) -> Bool {
    guard let known = hashes[file.rawValue] else { return true }
    return data.withUnsafeBytes { ContentHash(of: $0).hex } == known
  }

  /// Whether the file is as it was, as far as that is known.
  ///
  /// - Throws: `BalanceError` where it cannot be read.
  func fit(_ file: RunFolder.File) throws(BalanceError) -> Bool {
    guard let known = hashes[file.rawValue] else { return true }
    return try Self.hash(folder.appendingPathComponent(file.rawValue)) == known
  }

  /// The name of the first file that is not what it was.
  var altered: String? {
    Self.files.first { (try? fit($0)) != true }?.rawValue
  }

  private static func hash(_ place: URL) throws(BalanceError) -> String {
    try ContentHash(of: MappedFile(place)).hex
  }
}
