import Tensors
import Testing

@Suite struct TeamPaceTests {
  /// Notes runs of 1 ms until their time is up; how many began with turns.
  private func turns(_ pace: inout TeamPace, seconds: Double, atOnce: Double, inTurns: Double)
    -> Int
  {
    var (time, turns) = (0.0, 0)
    while time < seconds {
      let cost = pace.takesTurns ? inTurns : atOnce
      turns += pace.takesTurns ? 1 : 0
      pace.note(time: 0.001 * cost, work: 0.001)
      time += 0.001 * cost
    }
    return turns
  }

  @Test func idleCoresAreUsedAtOnce() {
    var pace = TeamPace()
    #expect(turns(&pace, seconds: 5, atOnce: 0.55, inTurns: 1) == 0)
    // A little disturbance is no reason.
    #expect(turns(&pace, seconds: 5, atOnce: 1.1, inTurns: 1) == 0)
  }

  @Test func busyNeighboursMakeItTakeTurns() {
    var pace = TeamPace()
    _ = turns(&pace, seconds: 0.5, atOnce: 6, inTurns: 1.5)
    let inTurns = turns(&pace, seconds: 10, atOnce: 6, inTurns: 1.5)
    // All but a few trials.
    #expect(Double(inTurns) * 0.0015 > 0.9 * 10)
    // They go away.
    _ = turns(&pace, seconds: 20, atOnce: 0.55, inTurns: 1)
    #expect(turns(&pace, seconds: 5, atOnce: 0.55, inTurns: 1) == 0)
  }

  /// Where turns suffer even more, as beside very many neighbours.
  @Test func turnsAreGivenUpWhereTheyAreSlower() {
    var pace = TeamPace()
    _ = turns(&pace, seconds: 2, atOnce: 1.5, inTurns: 2.5)
    #expect(turns(&pace, seconds: 5, atOnce: 1.5, inTurns: 2.5) * 2 < 5000 / 3)
    // At a cost that turns are tried at.
    _ = turns(&pace, seconds: 2, atOnce: 2, inTurns: 2.5)
    let inTurns = turns(&pace, seconds: 20, atOnce: 2, inTurns: 2.5)
    #expect(inTurns > 0)
    #expect(Double(inTurns) * 0.0025 < 0.1 * 20)
  }

  /// A scheduler that wakes sleepers soon keeps both ways alike: then the cores are shared out
  /// better among more threads.
  @Test func littleIsNoReasonForTurns() {
    var pace = TeamPace()
    #expect(turns(&pace, seconds: 5, atOnce: 1.5, inTurns: 1.2) == 0)
    let inTurns = turns(&pace, seconds: 20, atOnce: 1.7, inTurns: 1.5)
    #expect(Double(inTurns) * 0.0015 < 0.1 * 20)
  }
}
