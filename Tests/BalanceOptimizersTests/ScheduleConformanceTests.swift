import BalanceCore
import BalanceOptimizers
import Testing

/// What every schedule promises. A new one is tested by a line in `spellings`.
@Suite struct ScheduleConformanceTests {
  static let spellings = [
    "constant", "step:30:0.1", "multistep:160,180:0.01", "cosine", "cosine:0.0001",
    "cosine-restarts:10", "cosine-restarts:10:2", "cosine-restarts:10:1:0.001", "polynomial",
    "polynomial:0.9", "one-cycle", "one-cycle:0.1", "one-cycle:0.3:10.0:100.0",
    "one-cycle:0.3:25.0:10000.0:0.85:0.95", "reduce-on-plateau", "reduce-on-plateau:loss",
    "reduce-on-plateau:accuracy:0.5:3", "reduce-on-plateau:macro-f1:0.1:10:0.001:2",
  ]

  @Test(arguments: spellings)
  func spellingReadsBack(_ spelling: String) throws {
    let schedule = try Schedule(parsing: spelling)
    #expect(schedule.description == spelling)
    let rate = LearningRate(base: 0.1, schedule: schedule, unit: .step, warmUp: .steps(5))
    let json = try CanonicalJSON.encode(rate)
    #expect(try CanonicalJSON.decode(LearningRate.self, from: json) == rate)
  }

  /// Rates are above 0 during a run, never above the base, and finite after it and in no time.
  @Test(arguments: spellings)
  func ratesStayWithinTheBase(_ spelling: String) throws {
    let schedule = try Schedule(parsing: spelling)
    for ticks in [1, 2, 3, 200] {
      for tick in 0..<ticks {
        let rate = schedule.rate(base: 0.1, tick: tick, of: ticks)
        #expect(rate > 0 && rate <= 0.1 * (1 + 1e-12), "tick \(tick) of \(ticks): \(rate)")
      }
    }
    for tick in [0, 1, 300] {
      for ticks in [0, 1, 200] {
        #expect(schedule.rate(base: 0.1, tick: tick, of: ticks).isFinite)
      }
    }
  }

  /// A schedule by steps is that by epochs of an epoch a step, and by epochs holds all through one.
  @Test(arguments: spellings)
  func unitsDifferInTheTickOnly(_ spelling: String) throws {
    let schedule = try Schedule(parsing: spelling)
    let byStep = RateScheduler(
      LearningRate(base: 0.1, schedule: schedule, unit: .step), epochs: 40, stepsPerEpoch: 5)
    let byEpoch = RateScheduler(
      LearningRate(base: 0.1, schedule: schedule), epochs: 200, stepsPerEpoch: 7)
    for tick in 0..<200 {
      let rate = byStep.rate(step: tick)
      for step in [7 * tick, 7 * tick + 6] { #expect(byEpoch.rate(step: step) == rate) }
      #expect(byEpoch.momentum(step: 7 * tick) == byStep.momentum(step: tick))
    }
  }

  /// A scheduler that is saved and taken back goes on as if nothing had been.
  @Test(arguments: spellings)
  func resumedEqualsUninterrupted(_ spelling: String) throws {
    let learningRate = LearningRate(base: 0.1, schedule: try Schedule(parsing: spelling))
    let straight = RateScheduler(learningRate, epochs: 30, stepsPerEpoch: 2)
    var (a, b) = (straight, straight)
    for epoch in 0..<30 {
      b = try CanonicalJSON.decode(RateScheduler.self, from: CanonicalJSON.encode(b))
      for step in [2 * epoch, 2 * epoch + 1] { #expect(a.rate(step: step) == b.rate(step: step)) }
      a.epochEnded(figure: 0.5)
      b.epochEnded(figure: 0.5)
    }
    #expect(a == b)
  }
}
