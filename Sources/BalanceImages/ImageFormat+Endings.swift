extension ImageFormat {
  /// How the names of files of this format end, in lower case, without the dot: one table for
  /// everything that looks for images.
  public var endings: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif", "jif", "jfi"]
    case .png: ["png"]
    }
  }

  /// Endings of images in formats that are not read.
  package static let otherEndings: Set<String> = [
    "avif", "bmp", "dcm", "dib", "gif", "heic", "heif", "j2k", "jp2", "jxl", "pbm", "pgm", "pnm",
    "ppm", "tga", "tif", "tiff", "webp",
  ]

  /// How many of a file's first bytes `isLikely` wants to see.
  package static let telltaleBytes = 32

  /// Whether a file that begins so is an image, of a format that is read or of another one.
  package static func isLikely(beginning: UnsafeRawBufferPointer) -> Bool {
    let file = ByteView(bytes: beginning)
    if (try? detect(file)) != nil || otherFormat(file) != nil { return true }
    // Two letters alone may also begin a text; a BMP has two empty words and its header's size
    // next.
    return file.starts(with: Array("BM".utf8)) && file.word32(6) == 0
      && [12, 40, 52, 56, 64, 108, 124].contains(file.word32(14, littleEndian: true))
  }
}
