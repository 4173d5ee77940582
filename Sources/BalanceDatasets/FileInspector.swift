import BalanceCore
import BalanceImages

/// Reads files and finds out what is in them. One a thread, as its reader.
struct FileInspector {
  /// What reading one file gave.
  struct Finding {
    var candidate: Candidate
    /// Nil where the file cannot be used.
    var image: InspectedImage?
    var problems: [ProblemRecord] = []
  }

  private let reader = ImageReader()

  /// Reads the file and decodes it once, since only that finds all damage.
  ///
  /// Size, times and number in the finding are those of the file that was read, not of the listing.
  func inspect(_ listed: Candidate, in confinement: Confinement) -> Finding {
    var candidate = listed
    let bytes: UnsafeRawBufferPointer
    do {
      bytes = try reader.bytes(at: ImageLocation(file: confinement.absolute(listed.path))) {
        candidate.take($0)
      }
    } catch {
      let isTooLarge = error.code == .data
      return found(
        candidate, isTooLarge ? .tooLarge : .unreadable, error.what,
        isTooLarge
          ? "shrink or remove the file" : "check the permissions of the file and the disk")
    }
    guard !bytes.isEmpty else {
      return found(candidate, .empty, "the file is empty (0 bytes)", "replace or remove the file")
    }
    guard let format = ImageFormat(beginning: bytes) else {
      let expected = "expected a \(ImageFormat.names) image"
      if let other = UnreadFormat(beginning: bytes) {
        return found(candidate, .unsupported, "is \(other.phrase), \(expected)", other.remedy)
      }
      return found(
        candidate, .notAnImage, "\(Self.guess(bytes)), \(expected)", "replace or remove the file")
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
          remedy: "nothing has to be done; saving the image again would mend it"))
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

  private static func ending(of path: String, fits format: ImageFormat) -> Bool {
    FileEnding.ending(of: path).map(format.endings.contains) ?? false
  }

  /// What a file seems to be that is no image.
  private static func guess(_ bytes: UnsafeRawBufferPointer) -> String {
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
