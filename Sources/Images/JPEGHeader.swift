import BalanceCore

/// Reads a JPEG's marker segments up to the first scan: size, components, orientation.
///
/// Source: ITU-T T.81, annex B.
enum JPEGHeader {
  static func read(_ file: ByteView) throws(BalanceError) -> ImageHeader {
    var frame: (width: Int, height: Int, components: Int)?
    var orientation: Int?
    var offset = 2
    while true {
      guard let lead = file.byte(offset) else { throw truncated }
      guard lead == 0xFF else { throw damaged("no marker at byte \(offset)") }
      guard let marker = file.byte(offset + 1) else { throw truncated }
      if marker == 0xFF {
        offset += 1  // Any number of these may stand before a marker.
        continue
      }
      offset += 2
      if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }  // They have no segment.
      if marker == 0xDA || marker == 0xD9 { break }
      guard let length = file.word16(offset) else { throw truncated }
      guard length >= 2 else { throw damaged("a segment of \(length) bytes at byte \(offset)") }
      let segment = file.part(offset + 2, length - 2)
      guard segment.count == length - 2 else { throw truncated }
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        guard frame == nil else { throw damaged("two frame headers") }
        guard let height = segment.word16(1), let width = segment.word16(3),
          let components = segment.byte(5)
        else { throw damaged("a frame header of \(length) bytes") }
        frame = (width, height, components)
      } else if marker == 0xE1, segment.starts(with: Array("Exif\0\0".utf8)) {
        orientation =
          orientation ?? EXIFOrientation.read(segment.part(6, segment.count - 6))
      }
      offset += length
    }
    guard let frame else { throw damaged("no frame header") }
    guard frame.width > 0, frame.height > 0 else {
      throw damaged("a size of \(frame.width) by \(frame.height)")
    }
    guard [1, 3, 4].contains(frame.components) else {
      throw damaged("\(frame.components) colour components")
    }
    let turned = (orientation ?? 1) >= 5
    return ImageHeader(
      format: .jpeg, width: turned ? frame.height : frame.width,
      height: turned ? frame.width : frame.height, channels: frame.components == 1 ? 1 : 3,
      orientation: orientation ?? 1)
  }

  private static func damaged(_ what: String) -> BalanceError {
    ImageCodec.damaged(.jpeg, what)
  }

  private static var truncated: BalanceError {
    damaged("the file ends in its header")
  }
}
