public import BalanceCore

/// A window of the image's own size, cut out of the image with P black pixels on every side:
/// `t[y, x, c] = s[y + d_y, x + d_x, c]`, 0 outside the image, d_y and d_x uniform over −P...P.
///
/// Each of the (2P + 1)² places is equally likely. Black is 0 before normalisation. A window that
/// lies wholly in the padding, of an image smaller than P, is black.
///
/// Source: `RandomCrop(size, padding=P)` of torchvision.
public struct PaddedCrop: PixelStage {
  public static let form = SpelledForm(
    "crop", "a window of the image with PIXELS of black around it",
    .whole("PIXELS", from: 1, to: 256, example: "4"),
    make: { PaddedCrop(padding: $0) }, take: { $0.padding })

  /// P, in pixels.
  public let padding: Int

  /// - Precondition: `padding` is not below 1.
  public init(padding: Int) {
    precondition(padding > 0, "a crop padding of \(padding)")
    self.padding = padding
  }

  public func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    let (dy, dx) = window(&generator)
    let shape = source.shape
    let inside = max(0, -dx)..<max(0, -dx, shape.width - max(0, dx))
    target.update(repeating: 0)
    for y in max(0, -dy)..<max(0, -dy, shape.height - max(0, dy)) where !inside.isEmpty {
      let from = ((y + dy) * shape.width + inside.lowerBound + dx) * shape.channels
      let to = (y * shape.width + inside.lowerBound) * shape.channels
      let count = inside.count * shape.channels
      _ = UnsafeMutableBufferPointer(rebasing: target[to..<to + count])
        .update(fromContentsOf: source.pixels[from..<from + count])
    }
  }

  /// How many rows below and columns right of the image's corner the window begins; negative in the
  /// padding.
  package func window(_ generator: inout KeyedGenerator) -> (dy: Int, dx: Int) {
    let dy = generator.below(2 * padding + 1) - padding
    return (dy, generator.below(2 * padding + 1) - padding)
  }
}
