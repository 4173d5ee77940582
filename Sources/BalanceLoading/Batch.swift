public import BalanceCore

/// Some draws of an epoch, ready for a network. Valid until the loader's next call of `next()`.
public struct Batch {
  /// `[N, H, W, C]`, normalised; of the shape that the augmentation leaves.
  public let pixels: UnsafeBufferPointer<Float>
  /// The class of each image, or the two that it is mixed of.
  public let targets: BatchTargets
  /// `[N]`, the position of each image in the cache; of a mixed one, of that which the first label
  /// is of.
  public let positions: UnsafeBufferPointer<Int32>
  /// The number of the batch's first draw in the epoch.
  public let firstDraw: Int

  package init(
    pixels: UnsafeBufferPointer<Float>, targets: BatchTargets,
    positions: UnsafeBufferPointer<Int32>, firstDraw: Int
  ) {
    self.pixels = pixels
    self.targets = targets
    self.positions = positions
    self.firstDraw = firstDraw
  }

  /// N; the last batch of an epoch may be short.
  public var count: Int { positions.count }
}
