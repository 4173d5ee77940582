package import BalanceCore
package import Foundation
import SwiftProtobuf
package import TensorBoardFormat

/// One of TensorBoard's event files, written record by record:
///
///     length      UInt64
///     checksum    UInt32, masked CRC-32C of the eight bytes of the length
///     event       length bytes, a serialised `Event`
///     checksum    UInt32, masked CRC-32C of the event
///
/// Numbers are little-endian. A record goes to the file in one write, so that a program that is
/// killed leaves whole records; TensorBoard stops before one that a full disk has cut.
package final class EventFile {
  package static let prefix = "events.out.tfevents."

  package let url: URL
  private let handle: FileHandle

  /// Makes a file whose name comes after those of the event files in `folder`, since TensorBoard
  /// reads them in the order of their names, and writes the format's version.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`.
  package init(in folder: URL, at moment: Date) throws(BalanceError) {
    let latest = Self.files(in: folder).compactMap { url in
      Int(url.lastPathComponent.dropFirst(Self.prefix.count).prefix { $0 != "." })
    }.max()
    let seconds = max(Int(moment.timeIntervalSince1970), (latest ?? 0) + 1)
    let digits = String(seconds)
    let padding = String(repeating: "0", count: max(0, 10 - digits.count))
    url = folder.appendingPathComponent("\(Self.prefix)\(padding)\(digits).balance")
    guard FileManager.default.createFile(atPath: url.path, contents: nil),
      let handle = try? FileHandle(forWritingTo: url)
    else {
      throw BalanceError(
        .cannotCreate, "cannot be written", at: url.path,
        remedy: "check that the folder exists and that you may write to it")
    }
    self.handle = handle
    var event = TensorBoardEvent()
    event.wallTime = moment.timeIntervalSince1970
    event.fileVersion = "brain.Event:2"
    try append(event)
  }

  deinit { try? handle.close() }

  /// - Throws: `BalanceError` with code `cannotCreate`, as where the disk is full.
  package func append(_ event: TensorBoardEvent) throws(BalanceError) {
    do {
      try handle.write(contentsOf: Self.record(event.serializedData()))
    } catch {
      throw BalanceError(
        .cannotCreate, "cannot be written (\(String(cString: strerror(errno))))", at: url.path,
        remedy: "check that the disk has room")
    }
  }

  /// The event files of a folder, in the order of their names.
  package static func files(in folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map(folder.appendingPathComponent)
  }

  /// An event with its length and checksums.
  package static func record(_ event: Data) -> Data {
    let length = bytes(UInt64(event.count))
    return Data(length) + bytes(CRC32C.masked(length)) + event + bytes(CRC32C.masked(event))
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}
