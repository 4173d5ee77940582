import BalanceCore
import BalanceImages
import Foundation

/// Reads files and finds out what is in them. One a thread: the buffer is used again.
final class FileInspector {
  /// Larger files are not images that anybody trains on; they are not even read.
  static let maximumBytes = 1 << 30

  /// What reading one file gave.
  struct Finding {
    var candidate: Candidate
    /// Nil where the file cannot be used.
    var image: InspectedImage?
    var problems: [ProblemRecord] = []
  }

  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)

  deinit { buffer.deallocate() }

  /// Reads the file and decodes it once, since only that finds all damage.
  ///
  /// Size, times and number in the finding are those of the file that was read, not of the listing.
  func inspect(_ listed: Candidate, in confinement: Confinement) -> Finding {
    var candidate = listed
    let bytes: UnsafeRawBufferPointer
    do { bytes = try read(&candidate, confinement.absolute(listed.path)) } catch {
      return Finding(candidate: candidate, problems: [error.record(candidate.path)])
    }
    guard !bytes.isEmpty else {
      return found(candidate, .empty, "the file is empty (0 bytes)", "replace or remove the file")
    }
    guard let format = ImageFormat(beginning: bytes) else {
      return found(
        candidate, .notAnImage, "\(Self.guess(bytes)), expected a \(ImageFormat.names) image",
        "replace or remove the file")
    }
    let image: DecodedImage
    do { image = try ImageCodec.read(bytes) } catch {
      return found(
        candidate, .damaged, error.what, error.remedy ?? "replace or remove the file")
    }
    var finding = Finding(
      candidate: candidate, image: InspectedImage(image, content: ContentHash(of: bytes)))
    if !Self.ending(of: candidate.path, fits: format) {
      finding.problems.append(
        ProblemRecord(
          path: candidate.path, kind: .wrongEnding,
          message: "holds a \(format.name) image, which its ending does not say",
          remedy: "rename the file; it is used all the same"))
    }
    if !image.oddities.isEmpty {
      finding.problems.append(
        ProblemRecord(
          path: candidate.path, kind: .odd,
          message: "is whole, but \(image.oddities.joined(separator: " and "))",
          remedy: "nothing has to be done; saving the image anew would mend it"))
    }
    return finding
  }

  private func found(
    _ candidate: Candidate, _ kind: ProblemKind, _ message: String, _ remedy: String
  ) -> Finding {
    Finding(
      candidate: candidate,
      problems: [
        ProblemRecord(path: candidate.path, kind: kind, message: message, remedy: remedy)
      ])
  }

  private struct ReadFailure: Error {
    let kind: ProblemKind
    let message: String
    let remedy: String

    func record(_ path: String) -> ProblemRecord {
      ProblemRecord(path: path, kind: kind, message: message, remedy: remedy)
    }
  }

  /// The whole file, or the beginning of one that begins like no image; valid until the next call.
  private func read(_ candidate: inout Candidate, _ path: String) throws(ReadFailure)
    -> UnsafeRawBufferPointer
  {
    // O_NONBLOCK: a pipe that took the file's place must not hang the run.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(errno) }
    candidate.take(status)
    guard candidate.size <= Self.maximumBytes else {
      throw ReadFailure(
        kind: .tooLarge, message: "is larger than 1 GiB", remedy: "shrink or remove the file")
    }
    let size = Int(candidate.size)
    let head = try fill(0..<min(size, buffer.count), from: descriptor)
    guard head.count < size, ImageFormat(beginning: head) != nil else { return head }
    if buffer.count < size {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(size, 2 * buffer.count), alignment: 64)
      larger.copyMemory(from: head)
      buffer.deallocate()
      buffer = larger
    }
    return try fill(head.count..<size, from: descriptor)
  }

  /// Brings these bytes of a file into the buffer, which has those before them; returns all, fewer
  /// where the file ends early.
  private func fill(_ range: Range<Int>, from descriptor: Int32) throws(ReadFailure)
    -> UnsafeRawBufferPointer
  {
    var filled = range.lowerBound
    while filled < range.upperBound {
      let count = Foundation.read(
        descriptor, buffer.baseAddress.map { $0 + filled }, range.upperBound - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable(errno) }
      guard count > 0 else { break }
      filled += count
    }
    return UnsafeRawBufferPointer(rebasing: buffer[..<filled])
  }

  private static func unreadable(_ code: Int32) -> ReadFailure {
    ReadFailure(
      kind: .unreadable, message: "cannot be read (\(String(cString: strerror(code))))",
      remedy: "check the permissions of the file and the disk")
  }

  private static func ending(of path: String, fits format: ImageFormat) -> Bool {
    FileEnding.ending(of: path).map(format.endings.contains) ?? false
  }

  /// What a file of no format that is read seems to be.
  private static func guess(_ bytes: UnsafeRawBufferPointer) -> String {
    if let image = UnreadFormat(beginning: bytes) { return "is \(image.phrase)" }
    let head = Array(bytes.prefix(512))
    for (magic, name) in [
      ("%PDF", "a PDF document"), ("PK", "a ZIP archive"),
      ("version https://git-lfs", "a Git LFS pointer, not the file itself"),
    ] where head.starts(with: magic.utf8) {
      return "is \(name)"
    }
    if head.allSatisfy({ $0 == 0 }) { return "holds only zero bytes" }
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
    guard isText else { return "is of an unknown format" }
    let text = String(decoding: head, as: UTF8.self).lowercased()
    return text.contains("<html") || text.contains("<!doctype html")
      ? "is an HTML page" : "is a text file"
  }
}
