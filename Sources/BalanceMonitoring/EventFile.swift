package import BalanceCore
package import BalanceTensorBoardFormat
import BalanceTraining
package import Foundation
import SwiftProtobuf

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
  package static let prefix = RunFolder.Companion.events.prefix

  package let url: URL
  private let handle: FileHandle

  /// Makes a file whose name comes after those of the event files in `folder`, since TensorBoard
  /// reads them in the order of their names, and writes the format's version.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`.
  package init(in folder: URL, at moment: Date) throws(BalanceError) {
    let number = try Self.number(in: folder, at: moment)
    url = folder.appendingPathComponent(
      "\(Self.prefix)\(number)\(RunFolder.Companion.events.suffix)")
    do throws(POSIXError) {
      handle = FileHandle(fileDescriptor: try NewFile.create(url.path), closeOnDealloc: true)
    } catch {
      throw BalanceError(
        .cannotCreate, "cannot be written (\(String(cString: strerror(error.code.rawValue))))",
        at: url.path, remedy: "check that the folder exists and that you may write to it")
    }
    var event = TensorBoardEvent()
    event.wallTime = moment.timeIntervalSince1970
    event.fileVersion = "brain.Event:2"
    try append(event)
  }

  /// Digits of a file's number, as many as those of the seconds since 1970 until the year 2286:
  /// equal lengths, so that the order of the names is that of the numbers.
  private static let digits = 10

  /// The seconds since 1970, or what follows the highest number in `folder`.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate` where no number follows.
  private static func number(in folder: URL, at moment: Date) throws(BalanceError) -> String {
    let names = files(in: folder).map(\.lastPathComponent)
    func number(_ name: String) -> Substring {
      name.dropFirst(prefix.count).prefix { $0 != "." }
    }
    let highest = String(repeating: "9", count: digits)
    // A number with more digits comes before a shorter one or after it, as its first digits have
    // it.
    if let name = names.first(where: { number($0).count > digits || number($0) == highest }),
      number(name).allSatisfy({ ("0"..."9").contains($0) })
    {
      throw BalanceError(
        .cannotCreate, "the event file '\(name)' has a number that no file can follow",
        at: folder.path, remedy: "move it to another folder")
    }
    let latest = names.compactMap { Int(number($0)) }.max() ?? 0
    let seconds = max(Int(saturating: moment.timeIntervalSince1970), latest + 1)
    let text = String(seconds)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// - Throws: `BalanceError` with code `cannotCreate`, as where the disk is full.
  package func append(_ event: TensorBoardEvent) throws(BalanceError) {
    do {
      try handle.write(contentsOf: Self.record(event.serializedData()))
    } catch {
      throw BalanceError(
        .cannotCreate, "cannot be written (\(String(cString: strerror(errno))))", at: url.path,
        remedy: "check that the disk has space")
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
