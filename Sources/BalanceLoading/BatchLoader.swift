public import BalanceCore
public import BalanceSampling

/// The batches of one epoch, in the order of its draws, made ahead of time by worker threads.
///
/// What a batch holds depends on the cache, the draws, the augmentation, the seed and the epoch
/// alone, bit for bit: not on the number of workers, on the processor or on where the loader began.
/// All memory is allocated when the loader is made; a batch costs none.
///
/// A loader is used from one thread at a time. Its workers end with it.
public final class BatchLoader {
  /// Draws a batch; the last may have fewer.
  public var batchSize: Int { assembler.batchSize }
  /// How many batches `next()` gives from the start.
  public var batchCount: Int { assembler.count }

  private let assembler: BatchAssembler
  private let ring: BatchRing?
  /// Without workers, the one slot and its scratch.
  private let own: (slot: BatchSlot, scratch: UnsafeMutableRawBufferPointer)?
  private var taken = 0

  /// - Parameters:
  ///   - cache: the pixels.
  ///   - labels: the class of each position of the cache.
  ///   - draws: the epoch; `image` is a position in the cache.
  ///   - augmentation: keyed by seed, epoch and the draw's number in `draws`; it may change the
  ///     shape of the images, and stages of one's own may be among its stages. Mixing is keyed by
  ///     the first draw of a batch.
  ///   - workers: threads that fill batches ahead, or fewer where the system gives fewer; without
  ///     any, each batch is filled when it is asked for.
  ///   - firstDraw: where to begin, for an epoch that was cut off; the batches are those of the
  ///     whole epoch where it is a multiple of the batch size.
  /// - Precondition: one label a position, draws within the cache, as many means as the stages
  ///   leave channels, a positive batch size, `firstDraw` in `0...draws.count`.
  public init(
    cache: PixelCache, labels: [Int], draws: [Draw], batchSize: Int, augmentation: Augmentation,
    normalization: Normalization, seed: UInt64, epoch: Int, workers: Int, firstDraw: Int = 0
  ) {
    precondition(labels.count == cache.count, "\(labels.count) labels, \(cache.count) images")
    precondition(batchSize > 0, "a batch size of \(batchSize)")
    precondition(workers >= 0, "\(workers) workers")
    precondition((0...draws.count).contains(firstDraw), "draw \(firstDraw) of \(draws.count)")
    let count = cache.count
    precondition(
      draws.allSatisfy { $0.image >= 0 && Int($0.image) < count }, "a draw outside the cache")
    assembler = BatchAssembler(
      cache: cache, labels: labels.map { Int32($0) }, draws: draws, batchSize: batchSize,
      pipeline: PixelPipeline(
        augmentation, input: cache.shape, normalization: normalization, seed: seed),
      mixing: KeyedMixing(augmentation, seed: seed), epoch: epoch, firstDraw: firstDraw)
    ring = workers > 0 ? BatchRing(assembler: assembler, workers: workers) : nil
    own = ring == nil ? (assembler.makeSlot(), assembler.makeScratch()) : nil
  }

  deinit {
    ring?.stop()
    own?.scratch.deallocate()
  }

  /// The next batch, or nil at the end of the epoch. What the last call gave is no longer valid.
  public func next() -> Batch? {
    guard taken < assembler.count else { return nil }
    defer { taken += 1 }
    if let ring { return assembler.batch(taken, in: ring.take(taken)) }
    guard let own else { return nil }
    assembler.fill(own.slot, batch: taken, scratch: own.scratch)
    return assembler.batch(taken, in: own.slot)
  }
}
