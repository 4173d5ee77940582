import BalanceCore
import CKernels
import COneDNN
import Foundation
import Synchronization

/// What the threads of a pool share: the job, the barrier, and a bed for those that wait long.
///
/// `@unchecked Sendable`: `job` and `inTurns` are written by the caller before it raises
/// `generation` and read by workers after they see that, with nothing running in between; the rest
/// of what is not atomic is the caller's.
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
  /// Nanoseconds that the threads have worked in this run, waiting left out.
  private let work = Atomic<Int>(0)
  private var pace: TeamPace
  /// Whether the threads' parts take turns on the caller's thread.
  private var inTurns = false
  /// Made when turns are first taken; nil also where the system has none.
  private var fibers: OpaquePointer?

  /// About half a millisecond, in which what is waited for usually happens.
  private static let mostLooks = 20_000
  private static let leastLooks = 1000

  init(threads: Int, pace: TeamPace) {
    self.threads = threads
    self.pace = pace
  }

  deinit { ck_fibers_free(fibers) }

  func run(_ body: @escaping @Sendable (ThreadContext) -> Void) {
    guard threads > 1 else { return body(context(0)) }
    let start = ContinuousClock.now
    work.store(0, ordering: .relaxed)
    if pace.takesTurns, fibers == nil { fibers = ck_fibers_make(Int32(threads)) }
    job = body
    inTurns = pace.takesTurns && fibers != nil
    if inTurns { takeTurns() } else { runAtOnce() }
    job = nil
    pace.note(
      time: start.duration(to: .now) / .seconds(1),
      work: Double(work.load(ordering: .relaxed)) * 1e-9)
  }

  func work(as index: Int) {
    odn_use_one_thread()
    var seen = 0
    while true {
      wait(isIdle: true) { hasChanged(from: seen) }
      if stopped.load(ordering: .acquiring) { return }
      seen = generation.load(ordering: .acquiring)
      doPart(index)
      if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { wake() }
    }
  }

  func barrier() {
    guard threads > 1 else { return }
    if inTurns { return ck_fibers_meet(fibers) }
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

  private func context(_ index: Int) -> ThreadContext {
    ThreadContext(index: index, count: threads, team: self)
  }

  private func runAtOnce() {
    unfinished.store(threads - 1, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    wake()
    doPart(0)
    wait { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
  }

  private func takeTurns() {
    let before = SystemThread.processorTime
    ck_fibers_run(
      fibers,
      { index, team in
        guard let team else { return }
        let this = Unmanaged<ComputeTeam>.fromOpaque(team).takeUnretainedValue()
        this.job?(this.context(Int(index)))
      }, Unmanaged.passUnretained(self).toOpaque())
    work.add(SystemThread.processorTime - before, ordering: .relaxed)
  }

  private func doPart(_ index: Int) {
    let before = SystemThread.processorTime
    job?(context(index))
    work.add(SystemThread.processorTime - before, ordering: .relaxed)
  }

  private func hasChanged(from seen: Int) -> Bool {
    generation.load(ordering: .sequentiallyConsistent) != seen
      || stopped.load(ordering: .sequentiallyConsistent)
  }

  // MARK: Waiting

  /// Looks for what another thread of the team is about to do, as often as has paid lately, and
  /// then goes to bed until `wake`: the other thread may need this core.
  ///
  /// - Parameter isIdle: whether this is between two runs, and no part of either.
  private func wait(isIdle: Bool = false, until done: () -> Bool) {
    let most = patience.load(ordering: .relaxed)
    var looks = 0
    while !done() {
      guard looks < most else {
        sleep(until: done)
        if !isIdle { patience.store(max(Self.leastLooks, most / 2), ordering: .relaxed) }
        break
      }
      looks += 1
      ck_pause()
    }
    guard !isIdle, looks > 0 else { return }
    work.subtract(Int(Double(looks) * Self.timeOfLook), ordering: .relaxed)
    if looks < most, most < Self.mostLooks {
      patience.store(min(Self.mostLooks, 2 * most), ordering: .relaxed)
    }
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

  /// Nanoseconds.
  private static let timeOfLook: Double = {
    let flag = Atomic<Int>(0)
    let count = 500
    return (0..<8).map { _ in
      let start = ContinuousClock.now
      for _ in 0..<count where flag.load(ordering: .sequentiallyConsistent) == 0 { ck_pause() }
      return start.duration(to: .now) / .nanoseconds(1) / Double(count)
    }.min() ?? 0
  }()
}
