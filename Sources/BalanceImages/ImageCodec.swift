public import BalanceCore
import CBalanceImageCodecs

/// Reads JPEG and PNG files, of any kind that these formats allow, into 8-bit gray or RGB.
///
/// - JPEG: baseline and progressive; CMYK and YCCK are converted as Pillow does.
/// - PNG: every bit depth, palette and interlace. Alpha is dropped, as in Pillow's
///   `convert("RGB")`, not blended. 16-bit values are scaled to 8 bits by a `SampleRange`, in gray
///   files, too, where Pillow would cut off everything above 255.
///
/// A file that lost any of its pixels is an error: a decoder's warning (such as a premature end)
/// counts as damage, unless it is known to cost no pixel. Errors carry no place, since only bytes
/// are seen here; callers add the path with `BalanceError.located(at:)`.
public enum ImageCodec {
  /// Larger images are refused before anything is allocated: a small file can claim any size.
  public static let maximumPixels = 1 << 27

  /// What the file says of itself; reads only markers and chunk lengths.
  ///
  /// - Throws: `BalanceError` with code `data` where the bytes are no JPEG or PNG, the header is
  ///   damaged, or the image has more than `maximumPixels` pixels.
  public static func header(of data: UnsafeRawBufferPointer) throws(BalanceError) -> ImageHeader {
    let file = ByteView(bytes: data)
    let header =
      switch try ImageFormat.detect(file) {
      case .jpeg: try JPEGHeader.read(file)
      case .png: try PNGHeader.read(file)
      }
    // Both sizes are below 2^31, so the product does not overflow.
    guard header.width * header.height <= maximumPixels else {
      throw BalanceError(
        .data,
        "claims \(header.width) by \(header.height) pixels, more than the \(maximumPixels) allowed",
        remedy: "shrink or remove the file")
    }
    return header
  }

  /// The image, upright, with 1 or 3 channels whatever the file has.
  ///
  /// - Parameter range: of 16-bit files.
  /// - Throws: as `header(of:)`, and `data` where the pixels are truncated or corrupt.
  /// - Precondition: `channels` is 1 or 3.
  public static func decode(
    _ data: UnsafeRawBufferPointer, channels: Int, range: SampleRange = .full
  ) throws(BalanceError) -> PixelImage {
    try read(data).image(channels: channels, range: range)
  }

  /// The image as `decode` reads it, with nothing left out.
  ///
  /// - Throws: as `decode`.
  package static func read(_ data: UnsafeRawBufferPointer) throws(BalanceError) -> DecodedImage {
    let header = try header(of: data)
    let bytes = data.bindMemory(to: UInt8.self).baseAddress
    let (width, height) = (UInt32(header.stored.width), UInt32(header.stored.height))
    let (channels, depth) = (Int32(header.channels), Int32(header.depth))
    var oddities: UInt32 = 0
    func decode<Value>(_: Value.Type) throws(BalanceError) -> [Value] {
      try values(header) { target, message in
        switch header.format {
        case .jpeg:
          codec_jpeg_decode(
            bytes, data.count, width, height, channels, target, &oddities, message)
        case .png:
          codec_png_decode(
            bytes, data.count, width, height, channels, depth, target, &oddities, message)
        }
      }
    }
    let decoded: DecodedImage.Values =
      header.depth == 16 ? .words(try decode(UInt16.self)) : .bytes(try decode(UInt8.self))
    return DecodedImage(header: header, values: decoded, oddities: clauses(oddities))
  }

  /// What a decoder fills in, upright.
  private static func values<Value>(
    _ header: ImageHeader,
    _ decode: (UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>) -> Int32
  ) throws(BalanceError) -> [Value] {
    let (width, height) = header.stored
    let count = width * height * header.channels
    var failure: String?
    let values = [Value](unsafeUninitializedCapacity: count) { target, initialized in
      failure = codecFailure { decode(UnsafeMutableRawPointer(target.baseAddress), $0) }
      initialized = failure == nil ? count : 0
    }
    if let failure { throw damaged(header.format, failure) }
    return PixelImage.upright(
      values, width: width, height: height, channels: header.channels,
      orientation: header.orientation)
  }

  private static func clauses(_ oddities: UInt32) -> [String] {
    let clauses: [(bit: Int, text: String)] = [
      (CODEC_ODD_HEADER_BYTES, "has bytes between the segments of its header"),
      (CODEC_ODD_SCAN_BYTES, "has bytes behind its last pixel"),
      (CODEC_ODD_SPECTRUM, "claims a part of the spectrum where a scan has all of it"),
      (CODEC_ODD_MARKER, "has an unknown JFIF version or Adobe transform"),
      (CODEC_ODD_CHUNK, "has a damaged chunk behind its pixels"),
    ]
    return clauses.filter { Int(oddities) & $0.bit != 0 }.map(\.text)
  }

  static func damaged(_ format: ImageFormat, _ what: String) -> BalanceError {
    BalanceError(
      .data, "damaged \(format.rawValue.uppercased()): \(what)",
      remedy: "replace or remove the file")
  }
}

/// Runs a codec with a buffer for its message; the message, escaped, if it does not return 0.
func codecFailure(_ body: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: CODEC_MESSAGE_SIZE) {
    buffer in
    guard let message = buffer.baseAddress else { return "out of memory" }
    buffer.initialize(repeating: 0)
    guard body(message) != 0 else { return nil }
    let text = String(cString: message)
    return String(text.unicodeScalars.map { $0.value < 0x20 ? "?" : Character($0) })
  }
}
