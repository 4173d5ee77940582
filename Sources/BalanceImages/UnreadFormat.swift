/// A kind of image file that is recognised, so that its name can be said, and not read.
package struct UnreadFormat: Sendable {
  /// As messages write it.
  package let name: String
  /// How the names of its files end, in lower case, without the dot.
  package let endings: [String]
  /// Whether a file that begins so is of this format, from at most `ImageFormat.telltaleBytes`
  /// bytes.
  let isBegun: @Sendable (ByteView) -> Bool

  /// What to do with a file of it.
  package let remedy: String

  /// `a GIF image`, `an AVIF image`.
  package var phrase: String {
    "\("AEIOUaeiou".contains(name.prefix(1)) ? "an" : "a") \(name) image"
  }

  /// - Parameter beginnings: such a file has one of these, in Latin-1, at `offset`; without any,
  ///   only the ending tells.
  init(_ name: String, _ endings: [String], begins beginnings: [String] = [], at offset: Int = 0) {
    self.init(name: name, endings: endings) { file in
      beginnings.contains { beginning in
        file.starts(with: beginning.unicodeScalars.map { UInt8($0.value) }, at: offset)
      }
    }
  }

  init(
    name: String, endings: [String], remedy: String = "convert it to \(ImageFormat.names)",
    isBegun: @escaping @Sendable (ByteView) -> Bool
  ) {
    self.name = name
    self.endings = endings
    self.remedy = remedy
    self.isBegun = isBegun
  }
}
