/// What a file says of its image before anything is decoded.
public struct ImageHeader: Codable, Hashable, Sendable {
  /// By the content, whatever the file is called.
  public let format: ImageFormat
  /// Width and height as seen, that is, after the orientation is applied.
  public let width: Int
  public let height: Int
  /// 1 for grayscale files, with or without alpha; 3 for colour, palette and CMYK files.
  public let channels: Int
  /// Bits a value as it is decoded: 16 for files with more than 8, and 8 for all others.
  public let depth: Int
  /// EXIF orientation, 1...8; 1 where the file has none or one that makes no sense.
  public let orientation: Int

  public init(
    format: ImageFormat, width: Int, height: Int, channels: Int, depth: Int = 8,
    orientation: Int = 1
  ) {
    self.format = format
    self.width = width
    self.height = height
    self.channels = channels
    self.depth = depth
    self.orientation = orientation
  }

  init(_ format: ImageFormat, _ stored: StoredShape) {
    let isTransposed = stored.orientation >= 5
    self.init(
      format: format, width: isTransposed ? stored.height : stored.width,
      height: isTransposed ? stored.width : stored.height, channels: stored.channels,
      depth: stored.depth, orientation: stored.orientation)
  }
}
