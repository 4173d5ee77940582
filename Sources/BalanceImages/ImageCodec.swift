public import BalanceCore

/// Reads image files of the formats in `ImageFormat.all` into 8-bit gray or RGB.
///
/// Alpha is dropped, as in Pillow's `convert("RGB")`, not blended. 16-bit values are scaled to 8
/// bits by a `SampleRange`, in gray files, too, where Pillow would cut off everything above 255.
///
/// A file that lost any of its pixels is an error: a decoder's warning (such as a premature end)
/// counts as damage, unless it is known to cost no pixel. Errors carry no place, since only bytes
/// are seen here; callers add the path with `BalanceError.located(at:)`.
public enum ImageCodec {
  /// Larger images are refused before anything is allocated: a small file can claim any size.
  public static let maximumPixels = 1 << 27

  /// What the file says of itself; decodes nothing.
  ///
  /// - Throws: `BalanceError` with code `data` where the bytes are of no format that is read, the
  ///   header is damaged, or the image has more than `maximumPixels` pixels.
  public static func header(of data: UnsafeRawBufferPointer) throws(BalanceError) -> ImageHeader {
    let (format, shape) = try stored(data)
    return ImageHeader(format, shape)
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
    let (format, shape) = try stored(data)
    var oddities: [String] = []
    func upright<Value>(_: Value.Type) throws(BalanceError) -> [Value] {
      var outcome: Result<[String], BalanceError> = .success([])
      let values = [Value](unsafeUninitializedCapacity: shape.count) { target, initialized in
        outcome = Result { () throws(BalanceError) in
          try format.decode(ByteView(bytes: data), shape, UnsafeMutableRawBufferPointer(target))
        }
        if case .success = outcome { initialized = shape.count }
      }
      oddities = try outcome.get()
      return PixelImage.upright(
        values, width: shape.width, height: shape.height, channels: shape.channels,
        orientation: shape.orientation)
    }
    let values: DecodedImage.Values =
      shape.depth == 16 ? .words(try upright(UInt16.self)) : .bytes(try upright(UInt8.self))
    return DecodedImage(header: ImageHeader(format, shape), values: values, oddities: oddities)
  }

  private static func stored(
    _ data: UnsafeRawBufferPointer
  ) throws(BalanceError) -> (ImageFormat, StoredShape) {
    let format = try ImageFormat.detect(data)
    let shape = try format.header(ByteView(bytes: data))
    let (pixels, isTooLarge) = shape.width.multipliedReportingOverflow(by: shape.height)
    guard !isTooLarge, pixels <= maximumPixels else {
      let size = ImageHeader(format, shape)
      throw BalanceError(
        .data,
        "claims \(size.width) by \(size.height) pixels, more than the \(maximumPixels) allowed",
        remedy: "shrink or remove the file")
    }
    return (format, shape)
  }
}
