/// The size of one image or feature map: `[H, W, C]`.
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

/// What flows along an edge of a network, for one image: a feature map or a row of features.
public enum ValueShape: Codable, Hashable, Sendable, CustomStringConvertible {
  case image(ImageShape)
  case features(Int)

  /// The feature map's shape; features count as the channels of one pixel.
  var image: ImageShape {
    switch self {
    case .image(let shape): shape
    case .features(let count): ImageShape(height: 1, width: 1, channels: count)
    }
  }

  public var description: String {
    switch self {
    case .image(let shape): shape.description
    case .features(let count): "\(count) features"
    }
  }
}
