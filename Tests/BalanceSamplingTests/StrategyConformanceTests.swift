import BalanceCore
import BalanceSampling
import Testing

/// What every sampling strategy promises. A new strategy is tested by adding it to `strategies`.
@Suite struct StrategyConformanceTests {
  /// So many epochs have the runs that are planned.
  static let epochs = 240

  static let strategies: [SamplingStrategy] = [
    .none, .undersample, .weighted(exponent: 0), .weighted(exponent: 0.5),
    .weighted(exponent: 1), .oversample, .progressive,
  ]

  /// Class counts, empty classes and single images among them.
  static let datasets: [[Int]] = [
    [50, 20, 10, 3], [7, 0, 2], [1], [0, 0, 5], [1, 1, 1], [40, 1], [100, 99, 98, 97, 5],
  ]

  /// Labels with these counts, in a fixed disorder.
  static func labels(_ counts: [Int]) -> [Int] {
    var labels = counts.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }
    var generator = KeyedGenerator(seed: 1, .test)
    labels.shuffle(using: &generator)
    return labels
  }

  private func plan(
    _ strategy: SamplingStrategy, _ counts: [Int], seed: UInt64 = 3, epoch: Int = 0,
    length: PlanLength = .natural
  ) throws -> EpochPlan {
    try planner(strategy, Self.labels(counts), counts.count, seed: seed)
      .plan(epoch: epoch, length: length)
  }

  private func planner(
    _ strategy: SamplingStrategy, _ labels: [Int], _ classCount: Int, seed: UInt64 = 3
  ) throws -> EpochPlanner {
    try EpochPlanner(
      SamplingSchedule(constant: strategy, epochs: Self.epochs), labels: labels,
      classCount: classCount, seed: seed)
  }

  @Test(arguments: strategies, datasets)
  func drawsArePositions(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    let total = counts.reduce(0, +)
    for length in [PlanLength.natural, .draws(1), .draws(total), .draws(3 * total + 1)] {
      for epoch in 0..<3 {
        let plan = try plan(strategy, counts, epoch: epoch, length: length)
        #expect(plan.draws.allSatisfy { $0.image >= 0 && $0.image < total && $0.copy >= 0 })
        if case .draws(let count) = length { #expect(plan.draws.count == count) }
        #expect(plan.strategy == strategy && plan.epoch == epoch && plan.seed == 3)
      }
    }
  }

  @Test(arguments: strategies, datasets)
  func aPlanIsAFunctionOfItsArguments(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    let planner = try planner(strategy, Self.labels(counts), counts.count)
    for epoch in [2, 0, 5, 1, 0] {
      for length in [PlanLength.natural, .draws(17)] {
        #expect(
          try planner.plan(epoch: epoch, length: length)
            == plan(strategy, counts, epoch: epoch, length: length))
      }
    }
  }

  @Test(arguments: strategies)
  func otherEpochsAndSeedsDiffer(_ strategy: SamplingStrategy) throws {
    let counts = [50, 20, 10, 8]
    let plans = try [
      plan(strategy, counts), plan(strategy, counts, epoch: 1), plan(strategy, counts, seed: 4),
    ].map(\.draws)
    #expect(Set(plans).count == 3)
  }

  /// A sampler that has one rule in all epochs.
  private struct Constant: Sampler {
    let fixed: PassRule

    static let form = SpelledForm("constant", "one rule", is: Constant(fixed: .everyImage))

    func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule { fixed }
  }

  /// The strategy as it is in one epoch.
  private func fixed(_ strategy: SamplingStrategy, _ counts: [Int], epoch: Int) throws
    -> SamplingStrategy
  {
    let rule = try planner(strategy, Self.labels(counts), counts.count).rule(epoch: epoch)
    return SamplingStrategy(Constant(fixed: rule))
  }

  /// Epochs of `.draws(n)` are slices of one stream, whatever n: of that of their own rule.
  @Test(arguments: strategies, datasets)
  func epochsAreSlicesOfOneStream(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    for n in [1, 7, 40, 80] {
      for epoch in Set([0, 1, 120 / n, 240 / n - 1]) {
        let long = try plan(fixed(strategy, counts, epoch: epoch), counts, length: .draws(240))
          .draws
        let draws = try plan(strategy, counts, epoch: epoch, length: .draws(n)).draws
        #expect(draws == Array(long[epoch * n..<(epoch + 1) * n]), "epoch \(epoch) of \(n)")
      }
    }
  }

  /// The stream is the natural passes of an epoch's rule, one after another.
  @Test(arguments: strategies, datasets)
  func naturalPassesMakeTheStream(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    for epoch in [0, Self.epochs - 1] {
      let strategy = try fixed(strategy, counts, epoch: epoch)
      let passes = try (0..<3).map { try plan(strategy, counts, epoch: $0).draws }
      let stream = passes.flatMap { $0 }
      #expect(try plan(strategy, counts, length: .draws(stream.count)).draws == stream)
      #expect(Set(passes.map(\.count)).count == 1)
    }
  }

  /// In a pass an image has copies 0, 1, 2…, in the order of its draws.
  @Test(arguments: strategies, datasets)
  func copiesAreNumberedInOrder(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    for epoch in 0..<3 {
      var next = [Int32](repeating: 0, count: counts.reduce(0, +))
      for draw in try plan(strategy, counts, epoch: epoch).draws {
        #expect(draw.copy == next[Int(draw.image)])
        next[Int(draw.image)] += 1
      }
    }
  }

  /// Shares over many draws are the promised ones, within six standard deviations of independent
  /// draws (the other strategies scatter less), and one pass for the odd end.
  @Test(arguments: strategies, datasets)
  func classSharesAreAsPromised(_ strategy: SamplingStrategy, _ counts: [Int]) throws {
    for epoch in [0, Self.epochs - 1] { try checkShares(strategy, counts, epoch: epoch) }
  }

  private func checkShares(_ strategy: SamplingStrategy, _ counts: [Int], epoch: Int) throws {
    let n = 20_000
    let labels = Self.labels(counts)
    let plan = try plan(strategy, counts, epoch: epoch, length: .draws(n))
    let names = counts.indices.map { "\($0)" }
    let audit = PlanAudit(plan: plan, labels: labels, classNames: names)
    let rule = try planner(strategy, labels, counts.count).rule(epoch: epoch)
    let pass = rule.length(counts)
    let expected = rule.expectedShares(counts)
    #expect(abs(expected.reduce(0, +) - 1) < 1e-12)
    for (row, share) in zip(audit.classes, expected) {
      #expect(row.expectedShare == share)
      #expect((row.images == 0) == (share == 0))
      #expect(row.draws > 0 || row.images == 0, "every class with images is drawn")
      #expect(row.draws == 0 || row.images > 0, "an empty class is not")
      let scatter = 6 * (share * (1 - share) / Double(n)).squareRoot()
      #expect(abs(row.share - share) <= scatter + Double(pass) / Double(n))
    }
  }

  /// Images of one class are drawn equally often, within six standard deviations.
  @Test(arguments: strategies)
  func imagesOfAClassAreEqual(_ strategy: SamplingStrategy) throws {
    let counts = [50, 20, 10, 3]
    let labels = Self.labels(counts)
    let n = 100_000
    var times = [Int](repeating: 0, count: labels.count)
    for draw in try plan(strategy, counts, length: .draws(n)).draws { times[Int(draw.image)] += 1 }
    let shares = try planner(strategy, labels, counts.count).rule(epoch: 0).expectedShares(counts)
    for (image, label) in labels.enumerated() {
      let mean = Double(n) * shares[label] / Double(counts[label])
      #expect(abs(Double(times[image]) - mean) < 6 * mean.squareRoot() + 6)
    }
  }

  @Test(arguments: strategies)
  func badInputIsRefused(_ strategy: SamplingStrategy) {
    func refused(_ labels: [Int], epoch: Int = 0, length: PlanLength = .natural) -> String {
      let error = #expect(throws: BalanceError.self) {
        try planner(strategy, labels, 2).plan(epoch: epoch, length: length)
      }
      return error?.description ?? ""
    }
    #expect(refused([]).contains("no images"))
    #expect(refused([0, 1, 2]).contains("image 2 has the label 2"))
    #expect(refused([0, -1]).contains("image 1 has the label -1"))
    #expect(refused([0, 1], epoch: -1).contains("epoch -1"))
    #expect(refused([0, 1], length: .draws(0)).contains("0 draws"))
    for length in [PlanLength.natural, .draws(1), .draws(2), .draws(.max)] {
      #expect(refused([0, 1], epoch: .max, length: length).contains("cannot be planned"))
    }
  }

  @Test(arguments: strategies)
  func spellingReadsBack(_ strategy: SamplingStrategy) throws {
    #expect(try SamplingStrategy(parsing: strategy.description) == strategy)
    let json = try CanonicalJSON.encode(["s": strategy])
    #expect(
      try CanonicalJSON.decode([String: SamplingStrategy].self, from: json) == ["s": strategy])
  }

  @Test(arguments: [
    ("undresample", "did you mean 'undersample'?"),
    ("weighted:x", "exponent of the sampling strategy 'weighted'"),
    ("weighted:-1", "exponent of the sampling strategy 'weighted'"),
    ("weighted:nan", "exponent of the sampling strategy 'weighted'"),
    ("none:3", "has no option '3'"), ("weighted:0.5:1", "has no option '1'"), ("", "unknown"),
  ])
  func unknownSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try SamplingStrategy(parsing: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }
}
