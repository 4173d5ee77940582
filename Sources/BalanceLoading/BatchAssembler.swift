import BalanceSampling

/// Fills batches: a pure function of a batch's number, so that any thread may fill any batch.
struct BatchAssembler: Sendable {
  let cache: PixelCache
  let labels: [Int32]
  let draws: [Draw]
  let batchSize: Int
  let augmentation: Augmentation
  let normalizer: PixelNormalizer
  let seed: UInt64
  let epoch: Int
  let firstDraw: Int

  /// How many batches there are.
  var count: Int { (draws.count - firstDraw + batchSize - 1) / batchSize }

  /// The numbers of a batch's draws.
  func draws(of batch: Int) -> Range<Int> {
    let start = firstDraw + batch * batchSize
    return start..<min(start + batchSize, draws.count)
  }

  /// Bytes of scratch that `fill` needs.
  var scratchSize: Int { normalizer.scratchSize }

  func fill(_ slot: BatchSlot, batch: Int, scratch: UnsafeMutablePointer<UInt8>) {
    let range = draws(of: batch)
    let imageSize = cache.imageSize
    for (index, number) in range.enumerated() {
      let position = draws[number].image
      slot.positions[index] = position
      slot.labels[index] = labels[Int(position)]
      guard let source = cache.pixels(Int(position)).baseAddress else { continue }
      normalizer.normalize(
        source, augmentation.parameters(seed: seed, epoch: epoch, draw: number), scratch: scratch,
        into: slot.pixels + index * imageSize)
    }
  }

  /// The filled slot as it is handed out.
  func batch(_ batch: Int, in slot: BatchSlot) -> Batch {
    let range = draws(of: batch)
    return Batch(
      pixels: UnsafeBufferPointer(start: slot.pixels, count: range.count * cache.imageSize),
      labels: UnsafeBufferPointer(start: slot.labels, count: range.count),
      positions: UnsafeBufferPointer(start: slot.positions, count: range.count),
      firstDraw: range.lowerBound)
  }
}
