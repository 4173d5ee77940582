import BalanceCore
import CBalanceImageCodecs

extension ImageFormat {
  /// Baseline and progressive, by libjpeg-turbo; CMYK and YCCK are converted as Pillow does.
  public static let jpeg: ImageFormat = ImageFormat(
    id: "jpeg", name: "JPEG", endings: ["jpg", "jpeg", "jpe", "jfif", "jif", "jfi"],
    isBegun: { $0.starts(with: [0xFF, 0xD8, 0xFF]) },
    header: { file throws(BalanceError) in try JPEGHeader.read(file) },
    decode: { file, shape, target throws(BalanceError) in
      try decoder.decode(file, shape, into: target, of: .jpeg)
    })

  private static let decoder = CDecoder(
    function: codec_jpeg_decode,
    oddities: [
      (CODEC_ODD_HEADER_BYTES, "has bytes between the segments of its header"),
      (CODEC_ODD_SCAN_BYTES, "has bytes behind its last pixel"),
      (CODEC_ODD_SPECTRUM, "claims a part of the spectrum where a scan has all of it"),
      (CODEC_ODD_MARKER, "has an unknown JFIF version or Adobe transform"),
    ])
}

/// Reads a JPEG's marker segments up to the first scan: size, components, orientation.
///
/// Bytes between segments are passed over as libjpeg does, but for those that are a segment whose
/// marker was damaged: what it said of the image is lost.
///
/// Source: ITU-T T.81, annex B.
private enum JPEGHeader {
  static func read(_ file: ByteView) throws(BalanceError) -> StoredShape {
    var frame: (width: Int, height: Int, components: Int)?
    var orientation: Int?
    var offset = 2
    while true {
      let marker = try nextMarker(file, &offset)
      if isAlone(marker) { continue }
      if marker == 0xDA || marker == 0xD9 { break }
      guard let length = file.word16(offset) else { throw truncated }
      // Of a comment or an application's data that says less, nothing is missed.
      guard length >= 2 || marker >= 0xE0 else {
        throw damaged("a segment of \(length) bytes at byte \(offset)")
      }
      let segment = file.part(offset + 2, length - 2)
      guard segment.count == max(length - 2, 0) else { throw truncated }
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
      offset += max(length, 2)
    }
    guard let frame else { throw damaged("no frame header") }
    guard frame.width > 0, frame.height > 0 else {
      throw damaged("a size of \(frame.width) by \(frame.height)")
    }
    guard [1, 3, 4].contains(frame.components) else {
      throw damaged("\(frame.components) colour components")
    }
    return StoredShape(
      width: frame.width, height: frame.height, channels: frame.components == 1 ? 1 : 3,
      orientation: orientation ?? 1)
  }

  /// The marker that comes next; `offset` is moved behind it.
  private static func nextMarker(_ file: ByteView, _ offset: inout Int) throws(BalanceError) -> Int
  {
    let start = offset
    while let byte = file.byte(offset) {
      offset += 1
      // Any number of 0xFF may precede a marker; a zero behind one makes it a byte of data.
      guard byte == 0xFF, let code = file.byte(offset), code != 0xFF else { continue }
      offset += 1
      if code == 0 { continue }
      guard !isSegment(file, start, count: offset - 2 - start) else {
        throw damaged("no marker at byte \(start)")
      }
      return code
    }
    throw truncated
  }

  /// Whether skipped bytes have the length of a segment in the right place: behind a marker of two
  /// bytes, or, behind a marker that has no segment, at once.
  private static func isSegment(_ file: ByteView, _ start: Int, count: Int) -> Bool {
    if count > 4, file.word16(start + 2) == count - 2 { return true }
    guard count > 2, file.byte(start - 2) == 0xFF, let marker = file.byte(start - 1) else {
      return false
    }
    return isAlone(marker) && file.word16(start) == count
  }

  /// Whether nothing follows a marker.
  private static func isAlone(_ marker: Int) -> Bool {
    marker == 0x01 || (0xD0...0xD8).contains(marker)
  }

  private static func damaged(_ what: String) -> BalanceError {
    ImageFormat.jpeg.damaged(what)
  }

  private static var truncated: BalanceError {
    damaged("the file ends in its header")
  }
}
