public import BalanceCore
import CImageCodecs

/// Reads JPEG and PNG files, of any kind that these formats allow, into 8-bit gray or RGB.
///
/// - JPEG: baseline and progressive; CMYK and YCCK are converted as Pillow does.
/// - PNG: every bit depth, palette and interlace. Alpha is dropped, as in Pillow's
///   `convert("RGB")`, not blended. Of 16-bit values the high 8 bits are kept, in gray files, too,
///   where Pillow would cut off everything above 255.
///
/// A file that lost any of its pixels is an error: a decoder's warning (such as a premature end)
/// counts as damage. Errors carry no place, since only bytes are seen here; callers add the path
/// with `BalanceError.located(at:)`.
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
  /// - Throws: as `header(of:)`, and `data` where the pixels are truncated or corrupt.
  /// - Precondition: `channels` is 1 or 3.
  public static func decode(
    _ data: UnsafeRawBufferPointer, channels: Int
  ) throws(BalanceError) -> PixelImage {
    let header = try header(of: data)
    let (width, height) = header.stored
    let count = width * height * header.channels
    var failure: String?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      failure = run(header, data, target.baseAddress)
      initialized = failure == nil ? count : 0
    }
    if let failure { throw damaged(header.format, failure) }
    return PixelImage(width: width, height: height, channels: header.channels, pixels: pixels)
      .upright(orientation: header.orientation)
      .converted(channels: channels)
  }

  /// Reads the whole file as `decode` does, keeps nothing, and gives back its header.
  ///
  /// - Throws: whatever `decode` would throw.
  @discardableResult
  public static func check(_ data: UnsafeRawBufferPointer) throws(BalanceError) -> ImageHeader {
    let header = try header(of: data)
    if let failure = run(header, data, nil) { throw damaged(header.format, failure) }
    return header
  }

  static func damaged(_ format: ImageFormat, _ what: String) -> BalanceError {
    BalanceError(
      .data, "damaged \(format.rawValue.uppercased()): \(what)",
      remedy: "replace or remove the file")
  }

  /// Decodes into `target`, or only checks where that is nil; the reason if it fails.
  private static func run(
    _ header: ImageHeader, _ data: UnsafeRawBufferPointer, _ target: UnsafeMutablePointer<UInt8>?
  ) -> String? {
    let bytes = data.bindMemory(to: UInt8.self)
    let width = UInt32(header.stored.width)
    let height = UInt32(header.stored.height)
    let channels = Int32(header.channels)
    return codecFailure { message in
      switch header.format {
      case .jpeg:
        codec_jpeg_decode(
          bytes.baseAddress, bytes.count, width, height, channels, target, message)
      case .png:
        codec_png_decode(bytes.baseAddress, bytes.count, width, height, channels, target, message)
      }
    }
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
