/// A file that should become an image of the index, as the source lists it.
struct Candidate: Sendable {
  /// Relative to the dataset's root.
  var path: String
  var label: String
  var group: String?
  var role: SplitRole?
  /// Bytes.
  var size: Int64 = 0
  /// Last change of the content, nanoseconds since 1970.
  var modified: Int64 = 0
}

/// What a source lists: files to index, and what is wrong before any file is opened.
struct Listing: Sendable {
  /// Sorted by the bytes of their paths; no path twice.
  var candidates: [Candidate] = []
  var problems: [ProblemRecord] = []
  /// Files that are neither images nor meant to be (texts, hidden files).
  var ignored = 0
}

/// What a file's name says about it.
enum FileEnding {
  case readable, unsupported, other

  init(_ name: String) {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else {
      self = .other
      return
    }
    switch name[dot...].dropFirst().lowercased() {
    case "jpg", "jpeg", "jpe", "png": self = .readable
    case "gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "avif", "jp2", "jxl":
      self = .unsupported
    default: self = .other
    }
  }
}
