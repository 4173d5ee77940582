import Synchronization

/// Work that several threads share out among themselves.
package enum Parallel {
  /// Calls `body` on `threads` threads at once, the caller's among them, and returns when every
  /// call has ended.
  ///
  /// Where the system gives fewer threads, `body` is called fewer times, once at least, and
  /// `progress` is told: so each call must go on until nothing is left to do, taking its shares
  /// from a counter that all have in common.
  ///
  /// - Precondition: `threads > 0`.
  package static func run(
    threads: Int, progress: any ProgressReporter = SilentProgress(),
    _ body: @Sendable () -> Void
  ) {
    precondition(threads > 0, "\(threads) threads")
    withoutActuallyEscaping(body) { body in
      var helpers: [SystemThread] = []
      defer { for helper in helpers { helper.join() } }
      do throws(BalanceError) {
        while helpers.count < threads - 1 {
          helpers.append(try SystemThread(body))
        }
      } catch {
        progress.note(
          "note: \(helpers.count + 1) of \(threads) threads do the work: \(error.what)")
      }
      body()
    }
  }

  /// Calls `body` for each index in `0..<count`, in any order, on at most `threads` threads at
  /// once, and returns when every call has ended.
  ///
  /// - Precondition: `threads > 0`.
  package static func forEach(
    _ count: Int, threads: Int, progress: any ProgressReporter = SilentProgress(),
    _ body: @Sendable (Int) -> Void
  ) {
    let next = Atomic<Int>(0)
    run(threads: max(1, min(threads, count)), progress: progress) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }
}
