public import BalanceCore
import CBalanceOneDNN

/// A fixed team of threads that run the same program, each on its own images.
///
/// oneDNN and OpenBLAS are called from inside the team, one thread each: splitting images over
/// threads leaves no barrier inside a layer, and one team never fights another for the cores.
/// The caller of `run` is thread 0.
public final class ComputePool: Sendable {
  /// The number of threads, the caller's included.
  public let threads: Int
  private let team: ComputeTeam

  /// - Throws: `BalanceError` where the system does not give so many threads: with fewer, results
  ///   would have other bits.
  /// - Precondition: `threads > 0`.
  public init(threads: Int) throws(BalanceError) {
    precondition(threads > 0, "a pool needs a thread, not \(threads)")
    try MachineLimits.check(threads: threads, at: "threads")
    try OpenBLAS.prepare()
    self.threads = threads
    team = ComputeTeam(threads: threads)
    do throws(BalanceError) {
      for index in 1..<max(threads, 1) {
        let team = team
        try SystemThread { team.work(as: index) }.detach()
      }
    } catch {
      team.stop()
      throw error
    }
  }

  deinit { team.stop() }

  /// The number of cores that this process may use: those it is bound to, or its container's share.
  public static var availableCores: Int { MachineLimits.cores }

  /// Runs `body` once on every thread and returns when all have finished.
  ///
  /// One run at a time; `body` must not call `run`.
  public func run(_ body: @Sendable (ThreadContext) -> Void) {
    odn_use_one_thread()
    withoutActuallyEscaping(body) { team.run($0) }
  }
}

/// Which thread of the team runs, and how it waits for the others.
public struct ThreadContext: Sendable {
  /// In `0..<count`.
  public let index: Int
  public let count: Int
  let team: ComputeTeam

  /// Returns when every thread of the team has called it.
  public func barrier() { team.barrier() }

  /// This thread's part of `0..<total`, contiguous, sizes differing by at most one.
  public func slice(of total: Int) -> Range<Int> { Self.slice(of: total, index, of: count) }

  /// Part `index` of `count` of `0..<total`.
  public static func slice(of total: Int, _ index: Int, of count: Int) -> Range<Int> {
    total * index / count..<total * (index + 1) / count
  }

  /// `0..<total` in as many such parts as there are threads, or fewer where some would be empty.
  package static func slices(of total: Int, among threads: Int) -> [Range<Int>] {
    let count = min(total, threads)
    return (0..<count).map { slice(of: total, $0, of: count) }
  }
}
