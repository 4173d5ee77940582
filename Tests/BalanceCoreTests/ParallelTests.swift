import BalanceCore
import Foundation
import Synchronization
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 5, 40]) func everyIndexIsVisitedOnce(threads: Int) {
    let visits = Mutex([Int](repeating: 0, count: 1000))
    Parallel.forEach(1000, threads: threads) { index in visits.withLock { $0[index] += 1 } }
    #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
    Parallel.forEach(0, threads: threads) { _ in Issue.record("there is nothing to do") }
  }

  @Test func allThreadsWorkAtOnce() {
    // None ends before all have begun.
    let begun = Atomic<Int>(0)
    Parallel.run(threads: 4) {
      begun.add(1, ordering: .sequentiallyConsistent)
      while begun.load(ordering: .sequentiallyConsistent) < 4 { sched_yield() }
    }
    #expect(begun.load(ordering: .sequentiallyConsistent) == 4)
  }
}
