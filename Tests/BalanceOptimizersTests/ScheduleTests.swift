import BalanceCore
import BalanceOptimizers
import Testing

@Suite struct ScheduleTests {
  @Test func ratesAreTorchs() throws {
    let goldens = try Goldens.load()
    #expect(goldens.schedules.count == 9)
    for golden in goldens.schedules {
      let schedule = try Schedule(parsing: golden.schedule)
      for (epoch, expected) in golden.rates.enumerated() {
        let ours = schedule.rate(base: golden.base, tick: epoch, of: goldens.epochs)
        #expect(abs(ours - expected) <= 1e-12 * golden.base, "\(schedule), epoch \(epoch)")
      }
    }
  }

  @Test func defaultsAreRead() throws {
    #expect(try Schedule(parsing: "step:30") == .step(every: 30, gamma: 0.1))
    #expect(
      try Schedule(parsing: "multistep:160,180") == .multiStep(milestones: [160, 180], gamma: 0.1))
    #expect(try Schedule(parsing: "one-cycle") == .oneCycle(OneCycle()))
    #expect(try Schedule(parsing: "reduce-on-plateau") == .reduceOnPlateau(ReduceOnPlateau()))
    for name in Schedule.grammar.names
    where !["step", "multistep", "cosine-restarts"].contains(name) {
      #expect("\(try Schedule(parsing: name))" == name)
    }
  }

  @Test(arguments: [
    ("cosin", "did you mean 'cosine'?"),
    ("step", "needs EPOCHS; write step:EPOCHS[:GAMMA], as in step:30"),
    ("step:0:0.1", "epochs of the learning-rate schedule 'step' is '0'"), ("step:3:0", "gamma of"),
    ("step:3:0.1:2", "has no option '2'; write step:EPOCHS[:GAMMA]"),
    ("multistep:5,3:0.1", "expected ascending whole numbers from 1, as in multistep:160,180"),
    ("multistep:,:0.1", "is ','"), ("multistep:3;4", "is '3;4'"),
    ("cosine:-1", "expected a number from 0, as in cosine:0"),
    ("constant:1", "has no option '1'; write constant"),
    ("cosine-restarts", "write cosine-restarts:PERIOD"), ("cosine-restarts:5:0", "factor of"),
    ("polynomial:0", "expected a number above 0, as in polynomial:0.9"),
    ("one-cycle:1.5", "rise of"), ("one-cycle:0.3:25:10000:0.9", "low:high of"),
    ("one-cycle:0.3:25:10000:0.9:0.8", "the smaller first, as in one-cycle:0.3:25:10000:0.85:0.95"),
    ("reduce-on-plateau:f1", "expected macro-f1, accuracy or loss"),
    (
      "reduce-on-plateau:loss:1",
      "expected a number from 0 to below 1, as in reduce-on-plateau:loss"
    ),
  ])
  func badSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try Schedule(parsing: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func warmUpRisesStepByStepOrEpochByEpoch() throws {
    func rates(_ warmUp: String) throws -> [Double] {
      let scheduler = RateScheduler(
        LearningRate(
          base: 0.8, schedule: .step(every: 1, gamma: 0.5), warmUp: try WarmUp(parsing: warmUp)),
        epochs: 2, stepsPerEpoch: 3)
      return (0..<6).map { scheduler.rate(step: $0) }
    }
    #expect(try rates("steps:4") == [0.2, 0.4, 0.8 * 0.75, 0.4, 0.4, 0.4])
    #expect(try rates("2") == [0.4, 0.4, 0.4, 0.4, 0.4, 0.4])
    #expect(try rates("none") == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4])
    #expect(try WarmUp(parsing: "5").description == "epochs:5")
    for bad in ["0", "epochs", "steps:-1", "step:5", "none:1"] {
      #expect(throws: BalanceError.self, "\(bad)") { try WarmUp(parsing: bad) }
    }
  }

  @Test func aPlateauReducesTheRate() {
    let rule = ReduceOnPlateau(
      metric: .loss, factor: 0.5, patience: 1, minimum: 0.3, cooldown: 1)
    var scheduler = RateScheduler(
      LearningRate(base: 1, schedule: .reduceOnPlateau(rule)), epochs: 12, stepsPerEpoch: 1)
    #expect(scheduler.watchedMetric == .loss)
    var rates: [Double] = []
    for (epoch, figure) in [3, 2, 2, 2, 9, 9, 9, .nan, 1, 1, 1, 1].enumerated() {
      rates.append(scheduler.rate(step: epoch))
      scheduler.epochEnded(figure: figure)
    }
    // Two figures without an improvement by 10⁻⁴, then an epoch that does not count; not below 0.3.
    #expect(rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3])
  }

  @Test func oneCycleMovesTheMomentumAgainstTheRate() throws {
    let scheduler = RateScheduler(
      LearningRate(base: 1, schedule: try Schedule(parsing: "one-cycle:0.5:10:100:0.8:0.95")),
      epochs: 10, stepsPerEpoch: 1)
    #expect(scheduler.momentum(step: 0) == 0.95)
    #expect(scheduler.momentum(step: 4) == 0.8)
    #expect(scheduler.momentum(step: 9) == 0.95)
    #expect(scheduler.rate(step: 4) == 1)
    let other = RateScheduler(
      LearningRate(base: 1, schedule: .oneCycle(OneCycle())), epochs: 10, stepsPerEpoch: 1)
    #expect(other.momentum(step: 3) == nil)
  }
}
