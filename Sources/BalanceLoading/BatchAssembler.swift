import BalanceSampling

/// Fills batches: a pure function of a batch's number, so that any thread may fill any batch.
struct BatchAssembler: Sendable {
  let cache: PixelCache
  let labels: [Int32]
  let draws: [Draw]
  let batchSize: Int
  let pipeline: PixelPipeline
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
    BatchSlot(batchSize: batchSize, imageSize: pipeline.output.count)
  }

  /// What one thread needs for `fill`; for the caller to deallocate.
  func makeScratch() -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: pipeline.scratchSize, alignment: 64)
  }

  func fill(_ slot: BatchSlot, batch: Int, scratch: UnsafeMutableRawBufferPointer) {
    let imageSize = pipeline.output.count
    for (index, number) in draws(of: batch).enumerated() {
      let position = draws[number].image
      slot.positions[index] = position
      slot.labels[index] = labels[Int(position)]
      pipeline.apply(
        to: cache.pixels(Int(position)), epoch: epoch, draw: number, scratch: scratch,
        into: UnsafeMutableBufferPointer(start: slot.pixels + index * imageSize, count: imageSize))
    }
  }

  /// The filled slot as it is handed out.
  func batch(_ batch: Int, in slot: BatchSlot) -> Batch {
    let range = draws(of: batch)
    return Batch(
      pixels: UnsafeBufferPointer(start: slot.pixels, count: range.count * pipeline.output.count),
      labels: UnsafeBufferPointer(start: slot.labels, count: range.count),
      positions: UnsafeBufferPointer(start: slot.positions, count: range.count),
      firstDraw: range.lowerBound)
  }
}
