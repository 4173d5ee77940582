public import BalanceCore

/// A random change of one training image's pixels that leaves its class alone.
///
/// A stage says what it makes and needs before it runs, so that a pipeline plans its memory once
/// and allocates nothing afterwards. It draws from the generator that it is given and from nothing
/// else. The generator is keyed by seed, epoch, draw and the stage's name, and by its number where
/// the name comes more than once: neither threads nor batch sizes nor other stages change its
/// numbers.
///
/// A stage of one's own goes into an `Augmentation` beside the built-in ones;
/// `StageConformanceTests` has what it should promise.
public protocol PixelStage: SpelledCase {
  /// The shape of what is made of an image of this shape, in every draw, no size below 1; the same
  /// where a stage does not say otherwise.
  func outputShape(of input: ImageShape) -> ImageShape

  /// Bytes of scratch that `apply` needs for an image of this shape; 0 where a stage does not say
  /// otherwise.
  func scratchSize(for input: ImageShape) -> Int

  /// Makes one draw of an image.
  ///
  /// - Parameters:
  ///   - source: `[H, W, C]`.
  ///   - target: `outputShape(of: source.shape)`; every value is written.
  ///   - scratch: `scratchSize(for: source.shape)` bytes, on lines of the cache; what lies there is
  ///     left over from other draws.
  ///   - generator: of this draw and this stage.
  func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator)
}

extension PixelStage {
  public func outputShape(of input: ImageShape) -> ImageShape { input }
  public func scratchSize(for input: ImageShape) -> Int { 0 }

  /// What its random numbers are keyed by: its name as it is spelled.
  public static var name: String { form.name }
}
