import BalanceTensors
import Foundation
import Synchronization
import Testing

@Suite struct ComputePoolTests {
  /// With threads that come at once, and with one so late that the others sleep.
  @Test(arguments: [1, 2, 3, 8], [0, 2000])
  func everyThreadRunsOnceAndBarriersHold(threads: Int, microsecondsLate: UInt32) throws {
    let pool = try ComputePool(threads: threads)
    let entered = Atomic<Int>(0)
    let late = Atomic<Int>(0)
    let rounds = 200
    for round in 1...rounds {
      pool.run { thread in
        if thread.index == round % threads, microsecondsLate > 0 { usleep(microsecondsLate) }
        entered.add(1, ordering: .relaxed)
        thread.barrier()
        // Behind the barrier every thread of this round has entered.
        if entered.load(ordering: .relaxed) < round * threads { late.add(1, ordering: .relaxed) }
        thread.barrier()
      }
    }
    #expect(entered.load(ordering: .relaxed) == rounds * threads)
    #expect(late.load(ordering: .relaxed) == 0)
  }

  @Test func slicesCoverEverythingOnce() {
    for (total, count) in [(0, 3), (1, 4), (128, 2), (129, 4), (5, 7)] {
      let slices = (0..<count).map { ThreadContext.slice(of: total, $0, of: count) }
      #expect(slices.flatMap { Array($0) } == Array(0..<total))
      let sizes = slices.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }
}
