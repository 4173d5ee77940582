public import BalanceCore

extension Schedule {
  public static let grammar = Grammar<Schedule>(
    "learning-rate schedule",
    [
      SpelledForm("constant", "the same rate throughout", is: .constant),
      SpelledForm(
        "step", "times GAMMA after every so many epochs",
        .whole("EPOCHS", from: 1, example: "30"), gamma,
        make: { .step(every: $0, gamma: $1) },
        take: { if case .step(let every, let gamma) = $0 { (every, gamma) } else { nil } }),
      SpelledForm(
        "multistep", "times GAMMA from each of these epochs on", milestones, gamma,
        make: { .multiStep(milestones: $0, gamma: $1) },
        take: {
          if case .multiStep(let milestones, let gamma) = $0 { (milestones, gamma) } else { nil }
        }),
      SpelledForm(
        "cosine", "down to MINIMUM along half a cosine", minimum,
        make: { .cosine(minimum: $0) },
        take: { if case .cosine(let minimum) = $0 { minimum } else { nil } }),
      SpelledForm(
        "cosine-restarts", "cosines of PERIOD epochs, each FACTOR times as long as the last",
        .whole("PERIOD", from: 1, example: "10"), .whole("FACTOR", from: 1, usual: 1), minimum,
        make: { .cosineRestarts(period: $0, factor: $1, minimum: $2) },
        take: {
          guard case .cosineRestarts(let period, let factor, let minimum) = $0 else { return nil }
          return (period, factor, minimum)
        }),
      SpelledForm(
        "polynomial", "the rest of the run to the power POWER",
        .number("POWER", .above(0), usual: 1, example: "0.9"),
        make: { .polynomial(power: $0) },
        take: { if case .polynomial(let power) = $0 { power } else { nil } }),
      oneCycle, reduceOnPlateau,
    ])

  private static let gamma = SpelledOption.number("GAMMA", .above(0), usual: 0.1).alwaysWritten
  private static let minimum = SpelledOption.number("MINIMUM", .from(0), usual: 0)

  private static let milestones = SpelledOption<[Int]>(
    "EPOCH,EPOCH…", "ascending whole numbers from 1", example: "160,180",
    read: { text in
      let fields = text.split(separator: ",", omittingEmptySubsequences: false)
      let milestones = fields.compactMap { Int($0) }
      guard milestones.count == fields.count, milestones[0] > 0,
        zip(milestones, milestones.dropFirst()).allSatisfy({ $0 < $1 })
      else { return nil }
      return milestones
    },
    write: { $0.map { "\($0)" }.joined(separator: ",") })

  private static let oneCycle = SpelledForm<Schedule>(
    "one-cycle", "up over the share RISE of the run and down; LOW:HIGH cycles the momentum",
    .number("RISE", .from(0, to: 1), usual: 0.3), .number("START", .above(0), usual: 25),
    .number("END", .above(0), usual: 1e4), momenta,
    make: {
      .oneCycle(OneCycle(rise: $0, startDivisor: $1, endDivisor: $2, momentum: $3))
    },
    take: {
      guard case .oneCycle(let cycle) = $0 else { return nil }
      return (cycle.rise, cycle.startDivisor, cycle.endDivisor, cycle.momentum)
    })

  /// Two options together; none unless they are given.
  private static let momenta = SpelledOption<ClosedRange<Double>?>(
    "LOW:HIGH", "two numbers from 0 to below 1, the smaller first", usual: .some(nil),
    example: "0.85:0.95", parts: 2,
    read: { text in
      let ends = text.split(separator: ":").compactMap { Double($0) }
      guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1], ends[1] < 1 else { return nil }
      return ends[0]...ends[1]
    },
    write: { $0.map { "\($0.lowerBound):\($0.upperBound)" } ?? "" })

  private static let reduceOnPlateau = SpelledForm<Schedule>(
    "reduce-on-plateau", "times FACTOR when a validation figure has not risen for PATIENCE epochs",
    .choice("METRIC", usual: ReduceOnPlateau.Metric.macroF1),
    .number("FACTOR", .from(0, below: 1), usual: 0.1), .whole("PATIENCE", from: 0, usual: 10),
    minimum, .whole("COOLDOWN", from: 0, usual: 0),
    make: {
      .reduceOnPlateau(
        ReduceOnPlateau(metric: $0, factor: $1, patience: $2, minimum: $3, cooldown: $4))
    },
    take: {
      guard case .reduceOnPlateau(let rule) = $0 else { return nil }
      return (rule.metric, rule.factor, rule.patience, rule.minimum, rule.cooldown)
    })
}
