package import BalanceCore
package import BalanceImages

/// Turns pixels into a network's input, one image after the other: the one way that the pixels of
/// training, evaluation and `predict` take, so that equal pixels become equal bits.
package struct PixelNormalizer: Sendable {
  private let height: Int
  private let width: Int
  private let channels: Int
  /// `[W · C]`, see `PixelKernels.cropNormalize`.
  private let scale: [Float]
  private let bias: [Float]

  /// - Precondition: `normalization` has as many channels as the images.
  package init(_ normalization: Normalization, height: Int, width: Int, channels: Int) {
    precondition(
      normalization.mean.count == channels,
      "a normalization of \(normalization.mean.count) channels for \(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    scale = [[Float]](repeating: normalization.scale, count: width).flatMap { $0 }
    bias = [[Float]](repeating: normalization.bias, count: width).flatMap { $0 }
  }

  /// Bytes of scratch that an image needs.
  var scratchSize: Int { PixelKernels.scratchSize(rowValues: width * channels) }

  /// - Parameters:
  ///   - source: `[H, W, C]`.
  ///   - dy, dx: where the window that is seen begins, below and right of the image's corner
  ///     (negative: in black padding).
  ///   - flip: whether it is mirrored.
  ///   - scratch: `scratchSize` bytes.
  ///   - target: `[H, W, C]`.
  func normalize(
    _ source: UnsafePointer<UInt8>, dy: Int = 0, dx: Int = 0, flip: Bool = false,
    scratch: UnsafeMutablePointer<UInt8>, into target: UnsafeMutablePointer<Float>
  ) {
    scale.withUnsafeBufferPointer { scale in
      bias.withUnsafeBufferPointer { bias in
        guard let scale = scale.baseAddress, let bias = bias.baseAddress else { return }
        PixelKernels.cropNormalize(
          source, height: height, width: width, channels: channels, dy: dy, dx: dx, flip: flip,
          scale: scale, bias: bias, scratch: scratch, into: target)
      }
    }
  }

  /// A whole image.
  ///
  /// - Parameter target: `[H, W, C]`.
  /// - Precondition: the image has the size and the channels that were said, and the target room
  ///   for it.
  package func normalize(_ image: PixelImage, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(
      (image.height, image.width, image.channels) == (height, width, channels)
        && target.count == image.pixels.count,
      "an image of [\(image.height), \(image.width), \(image.channels)]")
    image.pixels.withUnsafeBufferPointer { source in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: scratchSize) { scratch in
        guard let from = source.baseAddress, let scratch = scratch.baseAddress,
          let to = target.baseAddress
        else { return }
        normalize(from, scratch: scratch, into: to)
      }
    }
  }
}
