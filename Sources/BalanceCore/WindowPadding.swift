/// The zeros around a map that windows of size k go over with stride s and dilation d.
public enum WindowPadding: Hashable, Sendable {
  /// p on each side, for ⌊(size + 2p − d (k − 1) − 1) / s⌋ + 1 outputs.
  case around(Int)
  /// As few as make ⌈size / s⌉ outputs, the smaller half before the map and the larger behind it:
  /// max((⌈size / s⌉ − 1) s + d (k − 1) + 1 − size, 0) in all.
  ///
  /// Source: TensorFlow's "SAME".
  case same
}

extension WindowPadding: ExpressibleByIntegerLiteral {
  public init(integerLiteral pixels: Int) { self = .around(pixels) }
}

/// A number for the pixels on each side, or `"same"`.
extension WindowPadding: Codable {
  private static let word = "same"

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let pixels = try? container.decode(Int.self) {
      self = .around(pixels)
    } else if try container.decode(String.self) == Self.word {
      self = .same
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "padding is a number or \"\(Self.word)\"")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .around(let pixels): try container.encode(pixels)
    case .same: try container.encode(Self.word)
    }
  }
}
