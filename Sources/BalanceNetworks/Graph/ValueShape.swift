public import BalanceCore

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
