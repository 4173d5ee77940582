import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation
import Testing

/// A folder that goes away with its last reference, and real image files to put into it.
final class TemporaryDataset: Sendable {
  let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-test-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  func write(_ data: Data, _ path: String) throws {
    try FileManager.default.createDirectory(
      at: url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url(path))
  }

  func write(_ text: String, _ path: String) throws { try write(Data(text.utf8), path) }

  /// A PNG whose content follows from `key`: equal keys give equal bytes.
  func addImage(_ path: String, key: Int) throws { try write(Self.png(key), path) }

  /// `count` different images `CLASS/0.png` … under `folder`.
  func addClass(_ name: String, count: Int, in folder: String = "") throws {
    for number in 0..<count {
      let path = folder + (folder.isEmpty ? "" : "/") + "\(name)/\(number).png"
      try addImage(path, key: path.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF })
    }
  }

  static func png(_ key: Int) throws -> Data {
    let pixels = (0..<12).map { UInt8(truncatingIfNeeded: key >> (8 * ($0 % 3)) &+ $0) }
    return try PNGEncoder.encode(PixelImage(width: 2, height: 2, channels: 3, pixels: pixels))
  }

  /// A 1×1 grey JPEG.
  static let jpeg =
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIx\
        wcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL\
        /8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJi\
        coKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip\
        qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z
        """) ?? Data()

  func index(
    _ source: DatasetSource = .folderPerClass, outside: Bool = false, threads: Int = 2
  ) throws -> (DatasetIndex, IndexSummary) {
    let index = try DatasetIndex.open(root: root)
    let summary = try index.update(
      source: source, allowOutsideRoot: outside, threads: threads, progress: SilentProgress())
    return (index, summary)
  }
}

/// The error that `body` throws, as the user reads it.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}
