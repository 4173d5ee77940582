import BalanceCore
import CBalanceImageCodecs

extension ImageFormat {
  /// Every bit depth, palette and interlace, by libpng.
  public static let png: ImageFormat = ImageFormat(
    id: "png", name: "PNG", endings: ["png"],
    isBegun: { $0.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) },
    header: { file throws(BalanceError) in try PNGHeader.read(file) },
    decode: { file, shape, target throws(BalanceError) in
      try decoder.decode(file, shape, into: target, of: .png)
    })

  private static let decoder = CDecoder(
    function: codec_png_decode,
    oddities: [(CODEC_ODD_CHUNK, "has a damaged chunk behind its pixels")])
}

/// Reads a PNG's IHDR chunk, and the orientation from its eXIf chunk where it has one.
///
/// Source: W3C, *Portable Network Graphics (PNG) Specification*, third edition, section 11.
private enum PNGHeader {
  static func read(_ file: ByteView) throws(BalanceError) -> StoredShape {
    guard let length = file.word32(8), let width = file.word32(16), let height = file.word32(20),
      let depth = file.byte(24), let colorType = file.byte(25), file.count >= 33
    else { throw ImageFormat.png.damaged("the file ends in its header") }
    guard length == 13, file.starts(with: Array("IHDR".utf8), at: 12) else {
      throw ImageFormat.png.damaged("the first chunk is not IHDR")
    }
    guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
      throw ImageFormat.png.damaged("a size of \(width) by \(height)")
    }
    guard [0, 2, 3, 4, 6].contains(colorType) else {
      throw ImageFormat.png.damaged("colour type \(colorType)")
    }
    return StoredShape(
      width: width, height: height, channels: colorType == 0 || colorType == 4 ? 1 : 3,
      depth: depth == 16 ? 16 : 8, orientation: orientation(file))
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
