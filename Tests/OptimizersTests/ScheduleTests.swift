import BalanceCore
import Optimizers
import Testing

@Suite struct ScheduleTests {
  @Test func ratesAreTorchs() throws {
    let goldens = try Goldens.load()
    #expect(goldens.schedules.count == 6)
    for golden in goldens.schedules {
      let schedule = try Schedule(parsing: golden.schedule)
      for (epoch, expected) in golden.rates.enumerated() {
        let ours = schedule.rate(base: golden.base, epoch: epoch, epochs: goldens.epochs)
        #expect(abs(ours - expected) <= 1e-12 * golden.base, "\(schedule), epoch \(epoch)")
        for step in [epoch * 7, epoch * 7 + 6] {
          let byStep = schedule.rate(
            base: golden.base, step: step, totalSteps: goldens.epochs * 7 - 3, stepsPerEpoch: 7)
          #expect(byStep == ours)
        }
      }
    }
  }

  static let schedules: [Schedule] = [
    .constant, .step(every: 30, gamma: 0.1), .multiStep(milestones: [160, 180], gamma: 0.01),
    .cosine(minimum: 0), .cosine(minimum: 1e-4),
  ]

  @Test(arguments: schedules)
  func spellingReadsBack(_ schedule: Schedule) throws {
    #expect(try Schedule(parsing: schedule.description) == schedule)
    let rate = LearningRate(base: 0.1, schedule: schedule, warmupSteps: 5)
    let json = try CanonicalJSON.encode(rate)
    #expect(try CanonicalJSON.decode(LearningRate.self, from: json) == rate)
  }

  @Test(arguments: schedules)
  func beginsAtTheBaseRateAndStaysPositive(_ schedule: Schedule) {
    #expect(schedule.rate(base: 0.1, epoch: 0, epochs: 200) == 0.1)
    #expect((0..<200).allSatisfy { schedule.rate(base: 0.1, epoch: $0, epochs: 200) > 0 })
    #expect((200..<300).allSatisfy { schedule.rate(base: 0.1, epoch: $0, epochs: 200) >= 0 })
    #expect(schedule.rate(base: 0.1, epoch: 0, epochs: 0) == 0.1)
  }

  @Test func warmupRisesStepByStep() {
    let rate = LearningRate(base: 0.8, schedule: .step(every: 1, gamma: 0.5), warmupSteps: 4)
    let rates = (0..<6).map { rate.rate(step: $0, totalSteps: 6, stepsPerEpoch: 3) }
    #expect(rates == [0.2, 0.4, 0.8 * 3 / 4, 0.4, 0.4, 0.4])
  }

  @Test func defaultsAreRead() throws {
    #expect(try Schedule(parsing: "step:30") == .step(every: 30, gamma: 0.1))
    #expect(
      try Schedule(parsing: "multistep:160,180") == .multiStep(milestones: [160, 180], gamma: 0.1))
  }

  @Test(arguments: [
    ("cosin", "did you mean 'cosine'?"), ("step", "write step:EPOCHS:GAMMA"),
    ("step:0:0.1", "write step"), ("step:3:0", "write step"), ("step:3:0.1:2", "write step"),
    ("multistep:5,3:0.1", "write multistep"), ("multistep:,:0.1", "write multistep"),
    ("multistep:3;4", "write multistep"), ("cosine:-1", "write cosine"),
    ("constant:1", "write constant"),
  ])
  func badSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try Schedule(parsing: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }
}
