import BalanceCore

extension ImageFormat {
  /// The format that the first bytes give away; what the file is called does not matter.
  ///
  /// - Parameter beginning: the file's first `telltaleBytes` bytes, or more.
  package init?(beginning: UnsafeRawBufferPointer) {
    let file = ByteView(bytes: beginning)
    guard let format = Self.all.first(where: { $0.isBegun(file) }) else { return nil }
    self = format
  }

  /// Whether a file that begins so is an image, of a format that is read or of another one.
  package static func isLikely(beginning: UnsafeRawBufferPointer) -> Bool {
    ImageFormat(beginning: beginning) != nil || UnreadFormat(beginning: beginning) != nil
  }

  /// - Throws: `BalanceError` with code `data` for a file of no format that is read, saying what it
  ///   is instead or how it starts.
  static func detect(_ file: UnsafeRawBufferPointer) throws(BalanceError) -> ImageFormat {
    if let format = ImageFormat(beginning: file) { return format }
    if file.isEmpty {
      throw BalanceError(.data, "is empty", remedy: "replace or remove the file")
    }
    if let other = UnreadFormat(beginning: file) {
      throw BalanceError(.data, "is \(other.phrase)", remedy: other.remedy)
    }
    throw BalanceError(
      .data, "is not an image (starts with \(start(of: file)))",
      remedy: "only \(names) files are read")
  }

  /// The first bytes in quotes, if they are printable ASCII, else as hexadecimal numbers.
  private static func start(of file: UnsafeRawBufferPointer) -> String {
    let bytes = file.prefix(12)
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

extension UnreadFormat {
  /// As `ImageFormat.init(beginning:)`.
  package init?(beginning: UnsafeRawBufferPointer) {
    let file = ByteView(bytes: beginning)
    guard let format = Self.all.first(where: { $0.isBegun(file) }) else { return nil }
    self = format
  }
}
