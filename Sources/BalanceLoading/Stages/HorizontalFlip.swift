public import BalanceCore

/// Left and right exchanged in half of the draws: `t[y, x, c] = s[y, W − 1 − x, c]`, else t = s.
///
/// Source: `RandomHorizontalFlip()` of torchvision.
public struct HorizontalFlip: PixelStage {
  public static let form = SpelledForm(
    "flip", "left and right exchanged in half of the draws", is: HorizontalFlip())

  public init() {}

  public func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    guard flips(&generator) else {
      _ = target.update(fromContentsOf: source.pixels)
      return
    }
    let (width, channels) = (source.shape.width, source.shape.channels)
    for row in stride(from: 0, to: target.count, by: width * channels) {
      for x in 0..<width {
        let (from, to) = (row + (width - 1 - x) * channels, row + x * channels)
        for c in 0..<channels { target[to + c] = source.pixels[from + c] }
      }
    }
  }

  package func flips(_ generator: inout KeyedGenerator) -> Bool { generator.next() >> 63 == 1 }
}
