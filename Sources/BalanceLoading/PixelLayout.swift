import BalanceImages

/// The shape of every image of a cache: `[H, W, C]`, one byte a value, and what 16-bit files were
/// made of it with.
struct PixelLayout: Hashable, Sendable {
  let width: Int
  let height: Int
  let channels: Int
  var range = SampleRange.full

  /// Bytes an image.
  var stride: Int { width * height * channels }
}
