import BalanceCore

extension ImageFormat {
  /// The format that the first bytes give away; what the file is called does not matter.
  ///
  /// - Throws: `BalanceError` with code `data` for anything but JPEG and PNG, saying what it is
  ///   instead or how it starts.
  static func detect(_ file: ByteView) throws(BalanceError) -> ImageFormat {
    if file.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if file.starts(with: PNGHeader.signature) { return .png }
    if file.count == 0 {
      throw BalanceError(.data, "is empty", remedy: "replace or remove the file")
    }
    if let name = otherFormat(file) {
      throw BalanceError(.data, "is a \(name) image", remedy: "convert it to JPEG or PNG")
    }
    throw BalanceError(
      .data, "is not an image (starts with \(beginning(of: file)))",
      remedy: "only JPEG and PNG files are read")
  }

  static func otherFormat(_ file: ByteView) -> String? {
    let beginnings: [(String, String)] = [
      ("GIF8", "GIF"), ("BM", "BMP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"),
    ]
    for (prefix, name) in beginnings where file.starts(with: Array(prefix.utf8)) {
      // Two letters alone may also begin a text; a BMP has its size next.
      if name == "BMP", file.word32(2, littleEndian: true) != file.count { continue }
      return name
    }
    if file.starts(with: Array("RIFF".utf8)), file.starts(with: Array("WEBP".utf8), at: 8) {
      return "WebP"
    }
    if file.starts(with: Array("ftypavif".utf8), at: 4) { return "AVIF" }
    if file.starts(with: Array("ftyphei".utf8), at: 4) { return "HEIC" }
    return nil
  }

  /// The first bytes in quotes, if they are printable ASCII, else as hexadecimal numbers.
  private static func beginning(of file: ByteView) -> String {
    let bytes = file.bytes.prefix(12)
    if bytes.prefix(4).allSatisfy({ (0x20..<0x7F).contains($0) }) {
      let printable = bytes.prefix { (0x20..<0x7F).contains($0) }
      return "\"\(String(decoding: printable, as: UTF8.self))\""
    }
    let digits = Array("0123456789abcdef")
    return "bytes "
      + bytes.prefix(8).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
      .joined(separator: " ")
  }
}
