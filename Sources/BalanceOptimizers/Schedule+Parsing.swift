public import BalanceCore

extension Schedule: CustomStringConvertible, Codable {
  /// Reads, with the usual values in brackets that may be left out from the right:
  ///
  /// - `constant`
  /// - `step:EVERY:GAMMA` [0.1]
  /// - `multistep:AT,AT…:GAMMA` [0.1]
  /// - `cosine:MINIMUM` [0]
  /// - `cosine-restarts:PERIOD:FACTOR:MINIMUM` [1, 0]
  /// - `polynomial:POWER` [1]
  /// - `one-cycle:RISE:START:END:LOW:HIGH` [0.3, 25, 10000, and no change of the momentum]
  /// - `reduce-on-plateau:METRIC:FACTOR:PATIENCE:MINIMUM:COOLDOWN` [macro-f1, 0.1, 10, 0, 0]
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name or an option out of range:
  ///   counts are whole numbers from 1, milestones ascend, γ is above 0, a minimum is from 0.
  public init(parsing text: String) throws(BalanceError) {
    var options = SpelledOptions(text, kind: "learning-rate schedule")
    switch options.name {
    case "constant":
      options.form = "constant"
      self = .constant
    case "step":
      options.form = "step:EPOCHS:GAMMA, as in step:30:0.1"
      self = .step(every: try options.whole(from: 1), gamma: try options.number(0.1) { $0 > 0 })
    case "multistep":
      options.form = "multistep:EPOCH,EPOCH…:GAMMA, as in multistep:160,180:0.01"
      self = .multiStep(
        milestones: try Self.milestones(&options), gamma: try options.number(0.1) { $0 > 0 })
    case "cosine":
      options.form = "cosine or cosine:MINIMUM"
      self = .cosine(minimum: try options.number(0) { $0 >= 0 })
    case "cosine-restarts":
      options.form = "cosine-restarts:PERIOD:FACTOR:MINIMUM, as in cosine-restarts:10:2:0"
      self = .cosineRestarts(
        period: try options.whole(from: 1), factor: try options.whole(1, from: 1),
        minimum: try options.number(0) { $0 >= 0 })
    case "polynomial":
      options.form = "polynomial:POWER, as in polynomial:0.9"
      self = .polynomial(power: try options.number(1) { $0 > 0 })
    case "one-cycle":
      options.form =
        "one-cycle:RISE:START:END, as in one-cycle:0.3:25:10000, with :LOW:HIGH, as in :0.85:0.95, "
        + "to cycle the momentum"
      self = .oneCycle(try Self.oneCycle(&options))
    case "reduce-on-plateau":
      options.form =
        "reduce-on-plateau:METRIC:FACTOR:PATIENCE:MINIMUM:COOLDOWN, as in "
        + "reduce-on-plateau:macro-f1:0.1:10, with macro-f1, accuracy or loss"
      self = .reduceOnPlateau(try Self.plateau(&options))
    default: throw Suggestion.unknown("learning-rate schedule", options.name, among: Self.names)
    }
    try options.finish()
  }

  private static func milestones(_ options: inout SpelledOptions) throws(BalanceError) -> [Int] {
    let fields = (options.next() ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let milestones = fields.compactMap { Int($0) }
    guard milestones.count == fields.count, milestones[0] > 0,
      zip(milestones, milestones.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw options.refused }
    return milestones
  }

  private static func oneCycle(_ options: inout SpelledOptions) throws(BalanceError) -> OneCycle {
    var cycle = OneCycle(
      rise: try options.number(0.3) { (0...1).contains($0) },
      startDivisor: try options.number(25) { $0 > 0 },
      endDivisor: try options.number(1e4) { $0 > 0 })
    if !options.isEmpty {
      let low = try options.number { (0..<1).contains($0) }
      let high = try options.number { (low..<1).contains($0) }
      cycle.momentum = low...high
    }
    return cycle
  }

  private static func plateau(_ options: inout SpelledOptions) throws(BalanceError)
    -> ReduceOnPlateau
  {
    let name = options.next() ?? ReduceOnPlateau.Metric.macroF1.rawValue
    guard let metric = ReduceOnPlateau.Metric(rawValue: name) else {
      throw Suggestion.unknown(
        "validation figure", name, among: ReduceOnPlateau.Metric.allCases.map(\.rawValue))
    }
    return ReduceOnPlateau(
      metric: metric, factor: try options.number(0.1) { (0..<1).contains($0) },
      patience: try options.whole(10, from: 0), minimum: try options.number(0) { $0 >= 0 },
      cooldown: try options.whole(0, from: 0))
  }

  public var description: String {
    switch self {
    case .constant: "constant"
    case .step(let every, let gamma): "step:\(every):\(gamma)"
    case .multiStep(let milestones, let gamma):
      "multistep:\(milestones.map { "\($0)" }.joined(separator: ",")):\(gamma)"
    case .cosine(let minimum): minimum == 0 ? "cosine" : "cosine:\(minimum)"
    case .cosineRestarts(let period, let factor, let minimum):
      SpelledOptions.spell(
        "cosine-restarts", [("\(period)", nil), ("\(factor)", "1"), ("\(minimum)", "0.0")])
    case .polynomial(let power): power == 1 ? "polynomial" : "polynomial:\(power)"
    case .oneCycle(let cycle):
      SpelledOptions.spell(
        "one-cycle",
        [
          ("\(cycle.rise)", "0.3"), ("\(cycle.startDivisor)", "25.0"),
          ("\(cycle.endDivisor)", "10000.0"),
        ] + (cycle.momentum.map { [("\($0.lowerBound)", nil), ("\($0.upperBound)", nil)] } ?? []))
    case .reduceOnPlateau(let rule):
      SpelledOptions.spell(
        "reduce-on-plateau",
        [
          (rule.metric.rawValue, "macro-f1"), ("\(rule.factor)", "0.1"),
          ("\(rule.patience)", "10"), ("\(rule.minimum)", "0.0"), ("\(rule.cooldown)", "0"),
        ])
    }
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
