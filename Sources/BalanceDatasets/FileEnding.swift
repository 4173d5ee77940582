import BalanceCore
import BalanceImages

/// What a file's name says about it.
enum FileEnding: Equatable {
  /// An image of a format that is read.
  case image
  /// An image of another format.
  case unsupported
  /// Surely no image, such as a text.
  case other
  /// No ending, or one that says nothing: only the file's first bytes tell.
  case unknown

  init(_ name: String) {
    guard let ending = Self.ending(of: name) else {
      self = .unknown
      return
    }
    self =
      if Self.images.contains(ending) {
        .image
      } else if Self.unreadImages.contains(ending) {
        .unsupported
      } else if Self.others.contains(ending) {
        .other
      } else {
        .unknown
      }
  }

  /// In lower case, without the dot; nil where what follows the last dot is no word of at most ten
  /// ASCII letters and digits.
  static func ending(of name: String) -> String? {
    let name = name.lastPathPart
    guard let at = name.utf8.lastIndex(of: UInt8(ascii: ".")), at > name.startIndex else {
      return nil
    }
    let ending = name.utf8[name.utf8.index(after: at)...]
    let isWord = ending.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
    }
    guard isWord, (1...10).contains(ending.count) else { return nil }
    return Substring(ending).lowercased()
  }

  private static let images = Set(ImageFormat.endings)
  private static let unreadImages = Set(UnreadFormat.endings)

  /// What lies beside images so often that it is not worth looking into.
  private static let others: Set<String> = [
    "7z", "avi", "bz2", "c", "conf", "cpp", "csv", "dat", "db", "doc", "docx", "gz", "h", "h5",
    "hdf5", "htm", "html", "ini", "ipynb", "js", "json", "jsonl", "log", "m", "mat", "md", "mov",
    "mp3", "mp4", "npy", "npz", "onnx", "parquet", "pdf", "pickle", "pkl", "pt", "pth", "py", "rar",
    "rst", "rtf", "safetensors", "sh", "sqlite", "svg", "tar", "tex", "tfrecord", "tgz", "tsv",
    "txt", "wav", "xls", "xlsx", "xml", "xz", "yaml", "yml", "zip",
  ]
}
