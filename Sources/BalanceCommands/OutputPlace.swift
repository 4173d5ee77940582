import BalanceCore
import BalanceImages
import BalanceTraining
import Foundation

/// Where a command writes a file that its user names. What is needed, or is plainly no earlier
/// output, is not replaced: a pattern of the shell may be where a name was meant
/// (`--out *.png`).
struct OutputPlace {
  let url: URL

  /// - Parameters:
  ///   - inputs: the files that the command reads; asked for where a file is to be replaced.
  ///   - kind: what a file there may be besides text and files of unknown kinds.
  /// - Throws: `BalanceError`: `usage` for one of the inputs, `cannotCreate` for a file of another
  ///   kind, or of a run.
  init(
    _ path: String, sparing inputs: @autoclosure () -> [URL], replacing kind: FileKind? = nil
  ) throws(BalanceError) {
    url = URL(fileURLWithPath: path)
    let target = OutputFile.target(of: url)
    var status = stat()
    guard stat(target.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let identity = FileIdentity(status)
    if inputs().contains(where: { FileIdentity($0) == identity }) {
      throw BalanceError(
        .usage, "is a file that this command reads", at: path,
        remedy: "choose another place for what it writes")
    }
    if RunFolder.owns(target) {
      throw BalanceError(
        .cannotCreate, "is a file of the run in this folder", at: path,
        remedy: "choose another place")
    }
    if let found = FileKind(of: target), found != kind {
      throw BalanceError(
        .cannotCreate, "is \(found.rawValue), which is not replaced", at: path,
        remedy: "choose another place, or remove the file first")
    }
  }

  /// - Throws: as `OutputFile.write`.
  func write(_ data: Data) throws(BalanceError) { try OutputFile.write(data, to: url) }

  /// - Throws: as `OutputFile.write`.
  func write(_ text: String) throws(BalanceError) { try OutputFile.write(text, to: url) }
}

/// What a file is that somebody may miss, by its first bytes.
enum FileKind: String {
  case image = "an image"
  case database = "an SQLite database"
  case weights = "a file of weights"
  case archive = "an archive"

  /// Nil for text, for what is unknown and for what cannot be read.
  init?(of url: URL) {
    guard let file = try? FileHandle(forReadingFrom: url) else { return nil }
    defer { try? file.close() }
    let head = [UInt8]((try? file.read(upToCount: ImageFormat.telltaleBytes)) ?? Data())
    func begins(_ bytes: [UInt8], at start: Int = 0) -> Bool {
      head.dropFirst(start).starts(with: bytes)
    }
    if head.withUnsafeBytes({ ImageFormat.isLikely(beginning: $0) }) {
      self = .image
    } else if begins([UInt8]("SQLite format 3".utf8)) {
      self = .database
    } else if begins([0, 0], at: 6), begins([UInt8]("{\"".utf8), at: 8) {
      // Safetensors: the header's length, and its JSON.
      self = .weights
    } else if begins([0x50, 0x4B, 3, 4]) || begins([0x1F, 0x8B]) {
      self = .archive
    } else {
      return nil
    }
  }
}
