/// Tag 274 of an EXIF block: how the stored pixels are to be turned.
enum EXIFOrientation {
  /// The orientation, 1...8, in a TIFF structure (what follows `Exif\0\0` in a JPEG, and the whole
  /// of a PNG's eXIf chunk); nil where there is none or one that makes no sense.
  static func read(_ tiff: ByteView) -> Int? {
    let little: Bool
    if tiff.starts(with: [0x49, 0x49, 0x2A, 0]) {
      little = true
    } else if tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
      little = false
    } else {
      return nil
    }
    guard let directory = tiff.word32(4, littleEndian: little),
      let entries = tiff.word16(directory, littleEndian: little)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = tiff.word16(offset, littleEndian: little),
        let type = tiff.word16(offset + 2, littleEndian: little)
      else { return nil }
      guard tag == 274 else { continue }
      // A short by the standard; some writers use a long.
      let value =
        type == 4
        ? tiff.word32(offset + 8, littleEndian: little)
        : type == 3 ? tiff.word16(offset + 8, littleEndian: little) : nil
      return value.flatMap { (1...8).contains($0) ? $0 : nil }
    }
    return nil
  }
}
