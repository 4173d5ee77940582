/// Whether a team's threads run at once, or one after the other on the caller's.
///
/// Where other programs keep the cores busy, a thread of the team waits at every barrier until the
/// system lets the others run, for milliseconds; the work of all on one thread takes less time
/// then. Both ways are compared by their cost, the time that they take for a second of work (of the
/// processor, without waiting): about 1/threads at once on idle cores, 1 in turns. A scheduler that
/// wakes sleepers soon keeps threads at once cheap even beside neighbours, and a trial of some of
/// its slices is mostly luck: the other way must be better by far.
package struct TeamPace {
  package private(set) var takesTurns: Bool
  private var time = 0.0
  private var work = 0.0
  private var runs = 0
  /// Seconds that the way of now is kept to, at least.
  private var leastTime: Double
  /// Cost of the better way, while the other one is tried.
  private var costToBeat: Double?
  /// How many times as long as a trial the better way is kept to before the next one.
  private var patience = leastPatience

  /// Dozens of a scheduler's slices.
  private static let trialTime = 0.1
  /// Of a trial: forward, backward, update, twice.
  private static let leastRuns = 6
  /// Threads at once are not worth a trial of turns below it: beside as many busy neighbours as
  /// cores, turns cost up to 2.
  private static let busyCost = 1.6
  /// Of the way of now, what the other one may cost and take its place.
  private static let betterCost = 0.8
  private static let leastPatience = 4.0
  private static let mostPatience = 64.0

  /// - Parameter turns: seconds of turns to begin with.
  package init(turns: Double = 0) {
    takesTurns = turns > 0
    leastTime = turns > 0 ? turns : Self.trialTime
  }

  /// One run took `time` seconds, and all threads together worked for `work` seconds.
  package mutating func note(time: Double, work: Double) {
    self.time += time
    self.work += work
    runs += 1
    guard runs >= Self.leastRuns, self.time >= leastTime else { return }
    decide(cost: self.time / max(self.work, 1e-9), after: self.time)
    (self.time, self.work, runs) = (0, 0, 0)
  }

  private mutating func decide(cost: Double, after seconds: Double) {
    if !takesTurns, cost <= Self.busyCost {
      leastTime = Self.trialTime
      costToBeat = nil
      patience = Self.leastPatience
    } else if let best = costToBeat {
      if cost < Self.betterCost * best {
        patience = Self.leastPatience
      } else {
        takesTurns.toggle()
        patience = min(Self.mostPatience, 2 * patience)
      }
      leastTime = patience * seconds
      costToBeat = nil
    } else {
      takesTurns.toggle()
      leastTime = Self.trialTime
      costToBeat = cost
    }
  }
}
