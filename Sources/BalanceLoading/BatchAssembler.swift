import BalanceCore
import BalanceSampling

/// Fills batches: a pure function of a batch's number, so that any thread may fill any batch.
struct BatchAssembler: Sendable {
  let cache: PixelCache
  let labels: [Int32]
  let draws: [Draw]
  let batchSize: Int
  let pipeline: PixelPipeline
  let mixing: KeyedMixing?
  let epoch: Int
  let firstDraw: Int

  /// How many batches there are.
  var count: Int { (draws.count - firstDraw + batchSize - 1) / batchSize }

  /// The numbers of a batch's draws.
  func draws(of batch: Int) -> Range<Int> {
    let start = firstDraw + batch * batchSize
    return start..<min(start + batchSize, draws.count)
  }

  /// Room for a batch.
  func makeSlot() -> BatchSlot {
    BatchSlot(batchSize: batchSize, imageSize: pipeline.output.count, mixes: mixing != nil)
  }

  /// What one thread needs for `fill`, the images of a batch before they are mixed and what the
  /// pipeline needs; for the caller to deallocate.
  func makeScratch() -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: unmixedSize + pipeline.scratchSize, alignment: 64)
  }

  /// Bytes, whole lines of the cache.
  private var unmixedSize: Int {
    let values = mixing == nil ? 0 : batchSize * pipeline.output.count
    return (values * MemoryLayout<Float>.stride + 63) & ~63
  }

  func fill(_ slot: BatchSlot, batch: Int, scratch: UnsafeMutableRawBufferPointer) {
    let numbers = draws(of: batch)
    let size = pipeline.output.count
    let images =
      mixing == nil
      ? slot.pixels
      : UnsafeMutableRawBufferPointer(rebasing: scratch[..<unmixedSize]).bindMemory(to: Float.self)
    let rest = UnsafeMutableRawBufferPointer(rebasing: scratch[unmixedSize...])
    for (index, number) in numbers.enumerated() {
      let position = draws[number].image
      slot.positions[index] = position
      slot.labels[index] = labels[Int(position)]
      pipeline.apply(
        to: cache.pixels(Int(position)), epoch: epoch, draw: number, scratch: rest,
        into: UnsafeMutableBufferPointer(rebasing: images[index * size..<(index + 1) * size]))
    }
    if let mixing {
      mix(
        UnsafeBufferPointer(rebasing: images[..<(numbers.count * size)]), by: mixing, batch: batch,
        into: slot)
    }
  }

  /// The filled slot as it is handed out.
  func batch(_ batch: Int, in slot: BatchSlot) -> Batch {
    let range = draws(of: batch)
    let values = range.count * pipeline.output.count
    return Batch(
      pixels: UnsafeBufferPointer(rebasing: slot.pixels[..<values]),
      targets: slot.targets(range.count),
      positions: UnsafeBufferPointer(rebasing: slot.positions[..<range.count]),
      firstDraw: range.lowerBound)
  }
}
