import BalanceReports
import Testing

@Suite struct PlotAxisTests {
  /// Beside 1e20 a step of 1 vanishes.
  @Test(
    arguments: [
      [1e20], [1e20, 1e20], [1e300, 1e300], [.greatestFiniteMagnitude], [.leastNonzeroMagnitude],
      [], [.nan],
      [.infinity, -.infinity, .nan], [-1e300, 1e300], [0, .greatestFiniteMagnitude],
    ] as [[Double]])
  func anyValuesHaveAFewTicks(values: [Double]) {
    for bounds in [
      0...Double.greatestFiniteMagnitude, -1e300...1e300, 0...1,
    ] {
      let axis = PlotAxis(values, in: bounds)
      #expect(axis.ticks.count <= 12, "\(values) in \(bounds)")
      #expect((0...400).contains(axis.digits))
    }
  }

  @Test func ticksAreRound() {
    #expect(
      PlotAxis([0.1, 0.92], in: 0...1).ticks.map { ($0 * 100).rounded() } == [20, 40, 60, 80])
    #expect(PlotAxis([2.30, 2.31], in: 0...10).ticks.count > 2)
  }
}
