/// The size of one image or feature map: `[H, W, C]`, rows without padding.
public struct ImageShape: Codable, Hashable, Sendable, CustomStringConvertible {
  public var height: Int
  public var width: Int
  public var channels: Int

  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// H × W.
  public var plane: Int { height * width }
  /// H × W × C.
  public var count: Int { plane * channels }

  public var description: String { "\(height)×\(width)×\(channels)" }
}
