import BalanceCore
import CBalanceImageCodecs

extension ImageFormat {
  /// Lossy and lossless stills, by libwebp.
  public static let webp = ImageFormat(
    id: "webp", name: "WebP", endings: ["webp"],
    isBegun: { file in WebPFile.isBegun(file) && !WebPFile.isAnimated(file) },
    header: { file throws(BalanceError) in try WebPFile(file).shape() },
    decode: { file, shape, target throws(BalanceError) in
      try WebPFile(file).decode(shape, into: target)
      return []
    })
}

/// A RIFF file of chunks, of which one holds the pixels.
///
/// Source: RFC 9649, section 2.
struct WebPFile {
  /// Without what follows the RIFF.
  private let file: ByteView

  init(_ file: ByteView) throws(BalanceError) {
    guard let size = file.word32(4, littleEndian: true), size + 8 <= file.count else {
      throw ImageFormat.webp.damaged("the file ends too early")
    }
    self.file = file.part(0, size + 8)
  }

  static func isBegun(_ file: ByteView) -> Bool {
    file.starts(with: Array("RIFF".utf8)) && file.starts(with: Array("WEBP".utf8), at: 8)
  }

  /// Whether a file that is begun so says that it has several pictures.
  static func isAnimated(_ file: ByteView) -> Bool {
    file.starts(with: Array("VP8X".utf8), at: 12) && file.byte(20).map { $0 & 2 != 0 } ?? false
  }

  private var bytes: UnsafePointer<UInt8>? { file.bytes.bindMemory(to: UInt8.self).baseAddress }

  func shape() throws(BalanceError) -> StoredShape {
    var features = WebPBitstreamFeatures()
    try check(WebPGetFeatures(bytes, file.count, &features), "its header")
    guard features.width > 0, features.height > 0 else {
      throw ImageFormat.webp.damaged("a size of \(features.width) by \(features.height)")
    }
    return StoredShape(
      width: Int(features.width), height: Int(features.height), channels: 3,
      orientation: orientation())
  }

  /// Hops from chunk to chunk; each is filled up to an even length.
  private func orientation() -> Int {
    var offset = 12
    while let size = file.word32(offset + 4, littleEndian: true) {
      if file.starts(with: Array("EXIF".utf8), at: offset) {
        let chunk = file.part(offset + 8, size)
        // Some writers put a JPEG's signature before it.
        let start = chunk.starts(with: Array("Exif\0\0".utf8)) ? 6 : 0
        return EXIFOrientation.read(chunk.part(start, chunk.count - start)) ?? 1
      }
      offset += 8 + size + size % 2
    }
    return 1
  }

  func decode(
    _ shape: StoredShape, into target: UnsafeMutableRawBufferPointer
  ) throws(BalanceError) {
    var config = WebPDecoderConfig()
    guard WebPInitDecoderConfig(&config) != 0 else {
      throw BalanceError(.software, "libwebp is of another version than the program was made for")
    }
    // Alpha is dropped.
    config.output.colorspace = MODE_RGB
    config.output.is_external_memory = 1
    config.output.u.RGBA.rgba = target.bindMemory(to: UInt8.self).baseAddress
    config.output.u.RGBA.size = target.count
    config.output.u.RGBA.stride = Int32(shape.width * shape.channels)
    try check(WebPDecode(bytes, file.count, &config), "its pixels")
  }

  private func check(_ status: VP8StatusCode, _ part: String) throws(BalanceError) {
    switch status {
    case VP8_STATUS_OK: return
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED:
      throw ImageFormat.webp.damaged("the file ends in \(part)")
    case VP8_STATUS_OUT_OF_MEMORY: throw BalanceError(.system, "not enough memory for \(part)")
    default: throw ImageFormat.webp.damaged("\(part) cannot be decoded")
    }
  }
}
