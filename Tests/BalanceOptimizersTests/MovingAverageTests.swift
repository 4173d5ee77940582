import BalanceCore
import BalanceOptimizers
import Testing

@Suite struct MovingAverageTests {
  private func update(_ average: MovingAverage, _ values: [Float], slices: [Range<Int>]) {
    average.beginUpdate()
    values.withUnsafeBufferPointer {
      for slice in slices { average.update(from: $0, range: slice) }
    }
  }

  @Test func itIsTheFormula() {
    let average = MovingAverage(decay: 0.9, count: 2)
    var expected = [0.0, 0]
    for step in 0..<20 {
      let values = [Float(step), 3]
      update(average, values, slices: [1..<2, 0..<1])
      for i in 0..<2 {
        expected[i] =
          step == 0 ? Double(values[i]) : 0.9 * expected[i] + 0.1 * Double(values[i])
      }
      #expect(abs(Double(average.values[0]) - expected[0]) < 1e-5)
      // A constant is kept as it is.
      #expect(average.values[1] == 3)
    }
  }

  @Test func resumedEqualsUninterrupted() throws {
    let straight = MovingAverage(decay: 0.99, count: 3)
    var average = MovingAverage(decay: 0.99, count: 3)
    for step in 0..<6 {
      if step == 2 {
        let data = try CanonicalJSON.encode(average.state)
        average = MovingAverage(decay: 0.99, count: 3)
        try average.restore(CanonicalJSON.decode(MovingAverage.State.self, from: data))
      }
      let values = (0..<3).map { Float(step * $0) + 0.1 }
      update(straight, values, slices: [0..<3])
      update(average, values, slices: [0..<1, 1..<3])
    }
    #expect(average.state == straight.state)
    #expect(throws: BalanceError.self) {
      try average.restore(MovingAverage.State(updates: 1, values: [1]))
    }
  }

  @Test func swappingTwiceChangesNothing() {
    let average = MovingAverage(decay: 0, count: 2)
    update(average, [1, 2], slices: [0..<2])
    var values: [Float] = [5, 6]
    values.withUnsafeMutableBufferPointer { average.swap(with: $0) }
    #expect(values == [1, 2] && Array(average.values) == [5, 6])
    values.withUnsafeMutableBufferPointer { average.swap(with: $0) }
    #expect(values == [5, 6] && Array(average.values) == [1, 2])
  }

  @Test func spellingsAreRead() throws {
    #expect(
      try WeightAveraging(parsing: "0.99:average") == .ema(decay: 0.99, buffers: .average))
    for spelling in ["none", "0.999", "0.99:copy"] {
      #expect(try WeightAveraging(parsing: spelling).description == spelling)
    }
    for (bad, words) in [
      ("1", "between 0 and 1, as in 0.999"), ("0", "as in 0.999"), ("x", "there are: none, 0.999"),
      ("0.9:keep", "expected average or copy, as in 0.9:average"),
      ("0.9:copy:1", "has no option '1'; write DECAY[:STATISTICS]"), ("", "none, 0.999"),
    ] {
      let error = #expect(throws: BalanceError.self, "\(bad)") {
        try WeightAveraging(parsing: bad)
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }
}
