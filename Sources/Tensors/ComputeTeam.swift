import CKernels
import COneDNN
import Foundation
import Synchronization

/// What the threads of a pool share: the job, the barrier, and a bed for idle workers.
///
/// `@unchecked Sendable`: `job` is written by the caller before it raises `generation` and read by
/// workers after they see that, with nothing running in between.
final class ComputeTeam: @unchecked Sendable {
  private let threads: Int
  private var job: (@Sendable (ThreadContext) -> Void)?
  private let generation = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let arrived = Atomic<Int>(0)
  private let passed = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let bed = NSCondition()

  init(threads: Int) { self.threads = threads }

  func run(_ body: @escaping @Sendable (ThreadContext) -> Void) {
    job = body
    unfinished.store(threads - 1, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    wake()
    body(ThreadContext(index: 0, count: threads, team: self))
    spin { unfinished.load(ordering: .acquiring) == 0 }
    job = nil
  }

  func work(as index: Int) {
    odn_use_one_thread()
    var seen = 0
    while true {
      awaitChange(from: seen)
      if stopped.load(ordering: .acquiring) { return }
      seen = generation.load(ordering: .acquiring)
      job?(ThreadContext(index: index, count: threads, team: self))
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  func barrier() {
    guard threads > 1 else { return }
    let round = passed.load(ordering: .acquiring)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == threads {
      arrived.store(0, ordering: .relaxed)
      passed.store(round + 1, ordering: .releasing)
    } else {
      spin { passed.load(ordering: .acquiring) != round }
    }
  }

  func stop() {
    stopped.store(true, ordering: .releasing)
    wake()
  }

  private func wake() {
    bed.lock()
    bed.broadcast()
    bed.unlock()
  }

  /// Spins for about a millisecond, in which the next step usually begins, then sleeps.
  private func awaitChange(from seen: Int) {
    for _ in 0..<20_000 {
      if hasChanged(from: seen) { return }
      ck_pause()
    }
    bed.lock()
    while !hasChanged(from: seen) { bed.wait() }
    bed.unlock()
  }

  private func hasChanged(from seen: Int) -> Bool {
    generation.load(ordering: .sequentiallyConsistent) != seen
      || stopped.load(ordering: .sequentiallyConsistent)
  }

  /// Waits for another thread of the team, which is running: pauses first, and yields the core
  /// when there are more threads than cores.
  private func spin(until done: () -> Bool) {
    var count = 0
    while !done() {
      count += 1
      if count < 20_000 { ck_pause() } else { sched_yield() }
    }
  }
}
