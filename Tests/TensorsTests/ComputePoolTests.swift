import Synchronization
import Tensors
import Testing

@Suite struct ComputePoolTests {
  @Test(arguments: [1, 2, 3, 8], [0, Double.infinity])
  func everyThreadRunsOnceAndBarriersHold(threads: Int, turns: Double) throws {
    let pool = try ComputePool(threads: threads, pace: TeamPace(turns: turns))
    let entered = Atomic<Int>(0)
    let late = Atomic<Int>(0)
    let rounds = 200
    for round in 1...rounds {
      pool.run { thread in
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

  /// Turns and threads at once, and back again, without a difference in the result.
  @Test func turnsComputeTheSame() throws {
    func sums(_ turns: Double) throws -> [Double] {
      let pool = try ComputePool(threads: 3, pace: TeamPace(turns: turns))
      let parts = Mutex([Double](repeating: 0, count: 3))
      var sums: [Double] = []
      for round in 0..<50 {
        let total = Mutex(0.0)
        pool.run { thread in
          let own = thread.slice(of: 1000).reduce(0) { $0 + 1 / Double($1 + round + 1) }
          parts.withLock { $0[thread.index] = own }
          thread.barrier()
          if thread.index == 1 { total.withLock { $0 = parts.withLock { $0.reduce(0, +) } } }
          thread.barrier()
        }
        sums.append(total.withLock { $0 })
      }
      return sums
    }
    let expected = try sums(0)
    #expect(try sums(.infinity) == expected)
    #expect(try sums(1e-9) == expected)
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
