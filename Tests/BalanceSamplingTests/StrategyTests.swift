import BalanceCore
import BalanceSampling
import Testing

/// What is particular to one strategy.
@Suite struct StrategyTests {
  private func audit(
    _ strategy: SamplingStrategy, _ counts: [Int], epoch: Int = 0, length: PlanLength = .natural
  ) throws -> PlanAudit {
    let labels = StrategyConformanceTests.labels(counts)
    let plan = try EpochPlanner(
      SamplingSchedule(constant: strategy, epochs: 4), labels: labels, classCount: counts.count,
      seed: 9
    ).plan(epoch: epoch, length: length)
    return PlanAudit(plan: plan, labels: labels, classNames: counts.indices.map { "\($0)" })
  }

  @Test func noneDrawsEveryImageOnce() throws {
    let audit = try audit(.none, [30, 4, 0])
    #expect(audit.classes.map(\.draws) == [30, 4, 0])
    #expect(audit.classes.map(\.maximumDraws) == [1, 1, 0])
    #expect(audit.total.coverage == 1)
  }

  @Test func undersampleTakesTheSmallestCountOfEach() throws {
    let audit = try audit(.undersample, [30, 4, 0, 7])
    #expect(audit.classes.map(\.draws) == [4, 4, 0, 4])
    #expect(audit.classes.map(\.distinctImages) == [4, 4, 0, 4])
  }

  @Test func undersampleReachesOtherImagesInOtherPasses() throws {
    // 30 passes of 4 out of 30: the chance that an image is missed is (26/30)³⁰ = 1.4 %.
    let audit = try audit(.undersample, [30, 4], length: .draws(240))
    #expect(audit.classes[0].distinctImages >= 25)
    #expect(audit.classes[1].distinctImages == 4)
  }

  @Test func oversampleRepeatsEachImageFloorOrCeilingTimes() throws {
    let counts = [30, 4, 0, 7, 30]
    let labels = StrategyConformanceTests.labels(counts)
    let plan = try EpochPlanner(
      SamplingSchedule(constant: .oversample, epochs: 1), labels: labels,
      classCount: counts.count, seed: 9
    ).plan(epoch: 0, length: .natural)
    var times = [Int](repeating: 0, count: labels.count)
    for draw in plan.draws { times[Int(draw.image)] += 1 }
    for (image, label) in labels.enumerated() {
      let low = 30 / counts[label]
      #expect(times[image] == low || times[image] == low + (30 % counts[label] == 0 ? 0 : 1))
    }
    let audit = PlanAudit(plan: plan, labels: labels, classNames: ["a", "b", "c", "d", "e"])
    #expect(audit.classes.map(\.draws) == [30, 30, 0, 30, 30])
    #expect(audit.classes.map(\.coverage) == [1, 1, 0, 1, 1])
    #expect(audit.emptyClasses == ["c"])
  }

  /// Class-balanced draws from CIFAR-10-LT-100's counts: an epoch as long as the data sees only
  /// 22.0 % of the images of class 0, 1 − exp(−1240.6 / 5000), and repeats class 9 24.8 times.
  @Test func weightedCoverageIsThatOfDrawingWithReplacement() throws {
    let counts = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    let audit = try audit(.weighted(exponent: 0), counts)
    #expect(abs(audit.classes[0].coverage - 0.220) < 0.02)
    #expect(abs(Double(audit.classes[9].draws) / 50 - 24.8) < 4)
    #expect(audit.classes[9].coverage == 1)
    #expect(audit.total.draws == 12406)
  }

  /// χ² of the class counts against an uneven alias table, 9 degrees of freedom: 44 is passed once
  /// in a million.
  @Test func aliasTableHasTheRightProbabilities() throws {
    let counts = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    for exponent in [0, 0.3, 1] {
      let audit = try audit(.weighted(exponent: exponent), counts, length: .draws(400_000))
      let statistic = audit.classes.reduce(0) { sum, row in
        let expected = 400_000 * row.expectedShare
        return sum + (Double(row.draws) - expected) * (Double(row.draws) - expected) / expected
      }
      #expect(statistic < 44, "exponent \(exponent)")
    }
  }

  /// The order of a pass is uniform: each image comes first equally often.
  @Test func everyImageComesFirstEquallyOften() throws {
    let planner = try EpochPlanner(
      SamplingSchedule(constant: .none, epochs: 5000), labels: [0, 0, 0, 0, 0], classCount: 1,
      seed: 2)
    var first = [Double](repeating: 0, count: 5)
    for epoch in 0..<5000 {
      first[Int(try planner.plan(epoch: epoch, length: .natural).draws[0].image)] += 1
    }
    // χ², 4 degrees of freedom: 33 is passed once in a million.
    #expect(first.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 } < 33)
  }

  /// Deferral and change over the run, phase by phase.
  @Test func aScheduleHasPhases() throws {
    let counts = [30, 10, 0]
    let deferred = try SamplingSchedule(.oversample, from: 4, epochs: 10)
    #expect(deferred.phases(counts) == [0, 3])
    #expect(deferred.rule(counts, inEpoch: 2) == .everyImage)
    #expect(deferred.rule(counts, inEpoch: 3) == .perClass([30, 30, 0]))
    #expect(deferred.strategy(inEpoch: 2) == .none)
    #expect(SamplingSchedule(constant: .weighted(exponent: 0), epochs: 10).phases(counts) == [0])
    for (from, words) in [(11, "epoch 11 of 10 never comes"), (2, "no resampling to defer")] {
      let error = #expect(throws: BalanceError.self) {
        try SamplingSchedule(from == 2 ? .none : .oversample, from: from, epochs: 10)
      }
      #expect(error?.place == "defer-strategy" && error?.what.contains(words) == true)
    }
  }
}
