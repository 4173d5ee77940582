import BalanceCore
import Foundation

/// Slots that worker threads fill in turn and one consumer empties in order.
///
/// Batch b lives in slot b mod S. With S = workers + 1, every worker has a slot to fill while the
/// consumer holds one. All state is under `condition`; a slot's memory belongs to the worker that
/// claimed it until the batch is ready, and then to the consumer until it takes the next.
final class BatchRing: @unchecked Sendable {
  private let assembler: BatchAssembler
  private let slots: [BatchSlot]
  private let condition = NSCondition()
  /// The batch that is ready in each slot, or -1.
  private var ready: [Int]
  /// Batches that workers have taken upon them.
  private var claimed = 0
  /// Batches that the consumer is done with.
  private var released = 0
  private var stopped = false

  /// Nil where the system gives no thread at all; with fewer than `workers` the others do the work.
  init?(assembler: BatchAssembler, workers: Int) {
    self.assembler = assembler
    slots = (0...workers).map { _ in assembler.makeSlot() }
    ready = [Int](repeating: -1, count: workers + 1)
    // A worker holds the ring, not the loader, whose end is what stops it.
    var started = 0
    for _ in 0..<min(workers, assembler.count) {
      guard let thread = try? SystemThread({ self.work() }) else { break }
      thread.detach()
      started += 1
    }
    if started == 0 { return nil }
  }

  /// Waits for a batch; the one before it is given back to the workers.
  func take(_ batch: Int) -> BatchSlot {
    condition.lock()
    defer { condition.unlock() }
    if released < batch {
      released = batch
      condition.broadcast()
    }
    let slot = batch % slots.count
    while ready[slot] != batch { condition.wait() }
    return slots[slot]
  }

  func stop() {
    condition.lock()
    stopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func work() {
    let scratch = assembler.makeScratch()
    defer { scratch.deallocate() }
    while let batch = claim() {
      let slot = batch % slots.count
      assembler.fill(slots[slot], batch: batch, scratch: scratch)
      condition.lock()
      ready[slot] = batch
      condition.broadcast()
      condition.unlock()
    }
  }

  /// The next batch whose slot is free; nil when there is nothing more to do.
  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !stopped, claimed < assembler.count, claimed >= released + slots.count {
      condition.wait()
    }
    guard !stopped, claimed < assembler.count else { return nil }
    defer { claimed += 1 }
    return claimed
  }
}
