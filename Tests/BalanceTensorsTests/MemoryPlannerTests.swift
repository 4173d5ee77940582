import BalanceCore
import BalanceTensors
import Testing

@Suite struct MemoryPlannerTests {
  @Test(arguments: 0..<20)
  func buffersThatLiveTogetherNeverOverlap(seed: Int) {
    var generator = KeyedGenerator(seed: UInt64(seed), .test)
    let requests = (0..<60).map { _ in
      let first = generator.below(40)
      return MemoryPlanner.Request(
        bytes: 1 + generator.below(5000), life: first...first + generator.below(10))
    }
    let (offsets, bytes) = MemoryPlanner.place(requests)
    for (i, one) in requests.enumerated() {
      #expect(offsets[i] % MemoryPlanner.alignment == 0)
      #expect(offsets[i] + one.bytes <= bytes)
      for (j, other) in requests.enumerated() where j < i && one.life.overlaps(other.life) {
        #expect(
          offsets[i] + one.bytes <= offsets[j] || offsets[j] + other.bytes <= offsets[i],
          "requests \(i) and \(j) overlap (seed \(seed))")
      }
    }
  }

  @Test func memoryIsReused() {
    let chain = (0..<100).map { MemoryPlanner.Request(bytes: 10_000, life: $0...$0 + 1) }
    #expect(MemoryPlanner.place(chain).bytes < 3 * 11_000)
  }
}
