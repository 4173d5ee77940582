public import BalanceCore

/// A random mixture of the images of each batch, after their normalisation, as mixup and CutMix
/// make them: image i becomes one that is λ_i of its own class and 1 − λ_i of a partner's.
///
/// It draws from the generator that it is given and from nothing else, which is keyed by seed,
/// epoch, the number of the batch's first draw and the mixing's name. What is mixed so depends on
/// the batch size, but neither on threads nor on the batch that an epoch is resumed at.
public protocol BatchMixing: CustomStringConvertible, Hashable, Sendable {
  /// As in `PixelStage`.
  static var name: String { get }

  /// Mixes one batch.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]`; N is 1 at least, and may be less in the last batch of an epoch.
  ///   - target: where everything is written.
  ///   - generator: of this batch.
  func mix(
    _ images: UnsafeBufferPointer<Float>, shape: ImageShape, into target: MixedBatch,
    generator: inout KeyedGenerator)
}

extension BatchMixing {
  public var description: String { Self.name }
}

/// Where a mixing writes a batch of N images.
public struct MixedBatch {
  /// `[N, H, W, C]`.
  public let pixels: UnsafeMutableBufferPointer<Float>
  /// `[N]`: which image of the batch each is mixed with, in 0..<N; may be itself.
  public let partners: UnsafeMutableBufferPointer<Int32>
  /// `[N]`: λ, how much of each is its own class, in 0...1.
  public let shares: UnsafeMutableBufferPointer<Float>
}
