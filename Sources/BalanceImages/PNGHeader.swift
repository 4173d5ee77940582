import BalanceCore

/// Reads a PNG's IHDR chunk, and the orientation from its eXIf chunk where it has one.
///
/// Source: W3C, *Portable Network Graphics (PNG) Specification*, third edition, section 11.
enum PNGHeader {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func read(_ file: ByteView) throws(BalanceError) -> ImageHeader {
    guard let length = file.word32(8), let width = file.word32(16), let height = file.word32(20),
      let depth = file.byte(24), let colorType = file.byte(25), file.count >= 33
    else { throw ImageCodec.damaged(.png, "the file ends in its header") }
    guard length == 13, file.starts(with: Array("IHDR".utf8), at: 12) else {
      throw ImageCodec.damaged(.png, "the first chunk is not IHDR")
    }
    guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
      throw ImageCodec.damaged(.png, "a size of \(width) by \(height)")
    }
    guard [0, 2, 3, 4, 6].contains(colorType) else {
      throw ImageCodec.damaged(.png, "colour type \(colorType)")
    }
    let orientation = orientation(file)
    return ImageHeader(
      format: .png, width: orientation >= 5 ? height : width,
      height: orientation >= 5 ? width : height,
      channels: colorType == 0 || colorType == 4 ? 1 : 3, depth: depth == 16 ? 16 : 8,
      orientation: orientation)
  }

  /// Hops from chunk to chunk; damage on the way is left to the decoder to find.
  private static func orientation(_ file: ByteView) -> Int {
    var offset = 33
    while let length = file.word32(offset) {
      if file.starts(with: Array("eXIf".utf8), at: offset + 4) {
        return EXIFOrientation.read(file.part(offset + 8, length)) ?? 1
      }
      if file.starts(with: Array("IEND".utf8), at: offset + 4) { return 1 }
      offset += length + 12
    }
    return 1
  }
}
