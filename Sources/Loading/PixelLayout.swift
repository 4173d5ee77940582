/// The shape of every image of a cache: `[H, W, C]`, one byte a value.
struct PixelLayout: Hashable, Sendable {
  let width: Int
  let height: Int
  let channels: Int

  /// Bytes an image.
  var stride: Int { width * height * channels }
}
