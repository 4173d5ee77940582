/// Some draws of an epoch, ready for a network. Valid until the loader's next call of `next()`.
public struct Batch {
  /// `[N, H, W, C]`, normalised; of the shape that the augmentation leaves.
  public let pixels: UnsafeBufferPointer<Float>
  /// `[N]`, the class of each image.
  public let labels: UnsafeBufferPointer<Int32>
  /// `[N]`, the position of each image in the cache.
  public let positions: UnsafeBufferPointer<Int32>
  /// The number of the batch's first draw in the epoch.
  public let firstDraw: Int

  package init(
    pixels: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>,
    positions: UnsafeBufferPointer<Int32>, firstDraw: Int
  ) {
    self.pixels = pixels
    self.labels = labels
    self.positions = positions
    self.firstDraw = firstDraw
  }

  /// N; the last batch of an epoch may be short.
  public var count: Int { labels.count }
}

/// The memory of one batch, used again and again.
final class BatchSlot {
  let pixels: UnsafeMutablePointer<Float>
  let labels: UnsafeMutablePointer<Int32>
  let positions: UnsafeMutablePointer<Int32>

  init(batchSize: Int, imageSize: Int) {
    // On lines of the cache, as vector instructions like it best.
    pixels = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, batchSize * imageSize) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: batchSize * imageSize)
    labels = .allocate(capacity: batchSize)
    positions = .allocate(capacity: batchSize)
  }

  deinit {
    UnsafeMutableRawPointer(pixels).deallocate()
    labels.deallocate()
    positions.deallocate()
  }
}
