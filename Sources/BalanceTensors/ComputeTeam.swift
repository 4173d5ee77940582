import CBalanceKernels
import CBalanceOneDNN
import Foundation
import Synchronization

/// What the threads of a pool share: the job, the barrier, and a bed for those that wait long.
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
  private let sleepers = Atomic<Int>(0)
  /// Looks that a thread takes before it goes to bed.
  private let patience = Atomic<Int>(mostLooks)

  /// About half a millisecond, in which what is waited for usually happens.
  private static let mostLooks = 20_000
  private static let leastLooks = 1000

  init(threads: Int) { self.threads = threads }

  func run(_ body: @escaping @Sendable (ThreadContext) -> Void) {
    job = body
    unfinished.store(threads - 1, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    wake()
    body(ThreadContext(index: 0, count: threads, team: self))
    wait { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
    job = nil
  }

  func work(as index: Int) {
    odn_use_one_thread()
    var seen = 0
    while true {
      wait(isIdle: true) { hasChanged(from: seen) }
      if stopped.load(ordering: .acquiring) { return }
      seen = generation.load(ordering: .acquiring)
      job?(ThreadContext(index: index, count: threads, team: self))
      if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { wake() }
    }
  }

  func barrier() {
    guard threads > 1 else { return }
    let round = passed.load(ordering: .acquiring)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == threads {
      arrived.store(0, ordering: .relaxed)
      passed.store(round + 1, ordering: .sequentiallyConsistent)
      wake()
    } else {
      wait { passed.load(ordering: .sequentiallyConsistent) != round }
    }
  }

  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  private func hasChanged(from seen: Int) -> Bool {
    generation.load(ordering: .sequentiallyConsistent) != seen
      || stopped.load(ordering: .sequentiallyConsistent)
  }

  // MARK: Waiting

  /// Looks for what another thread of the team is about to do, as often as has paid lately, and
  /// then goes to bed until `wake`: where other programs keep the cores busy, the other thread may
  /// need this one.
  ///
  /// - Parameter isIdle: whether this is between two runs, and no part of either.
  private func wait(isIdle: Bool = false, until done: () -> Bool) {
    let most = patience.load(ordering: .relaxed)
    var looks = 0
    while looks < most, !done() {
      looks += 1
      ck_pause()
    }
    if looks == most { sleep(until: done) }
    guard !isIdle, looks > 0 else { return }
    let next = looks == most ? max(Self.leastLooks, most / 2) : min(Self.mostLooks, 2 * most)
    if next != most { patience.store(next, ordering: .relaxed) }
  }

  private func sleep(until done: () -> Bool) {
    bed.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !done() { bed.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    bed.unlock()
  }

  /// After whatever somebody may be waiting for.
  private func wake() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    bed.lock()
    bed.broadcast()
    bed.unlock()
  }
}
