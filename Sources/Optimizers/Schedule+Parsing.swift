public import BalanceCore

extension Schedule: CustomStringConvertible, Codable {
  /// Reads "constant", "step:30:0.1" or "step:30" (γ = 0.1), "multistep:160,180:0.01" or
  /// "multistep:160,180" (γ = 0.1), "cosine" or "cosine:0.001" (the minimum).
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name or an option out of range:
  ///   epochs are whole numbers from 1, milestones ascend, γ is above 0, a minimum is from 0.
  public init(parsing text: String) throws(BalanceError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let options = parts.dropFirst()
    let parsed: Schedule?
    let form: String
    switch parts[0] {
    case "constant":
      form = "constant"
      parsed = options.isEmpty ? .constant : nil
    case "step":
      form = "step:EPOCHS:GAMMA, as in step:30:0.1"
      parsed = Self.step(Array(options))
    case "multistep":
      form = "multistep:EPOCH,EPOCH…:GAMMA, as in multistep:160,180:0.01"
      parsed = Self.multiStep(Array(options))
    case "cosine":
      form = "cosine or cosine:MINIMUM"
      parsed = Self.cosine(Array(options))
    default: throw Suggestion.unknown("learning-rate schedule", parts[0], among: Self.names)
    }
    guard let parsed else {
      throw BalanceError(
        .usage, "the learning-rate schedule '\(text)' cannot be read", remedy: "write \(form)")
    }
    self = parsed
  }

  private static func step(_ options: [String]) -> Schedule? {
    guard options.count == 1 || options.count == 2, let every = Int(options[0]), every > 0,
      let gamma = gamma(options.dropFirst().first)
    else { return nil }
    return .step(every: every, gamma: gamma)
  }

  private static func multiStep(_ options: [String]) -> Schedule? {
    guard options.count == 1 || options.count == 2, let gamma = gamma(options.dropFirst().first)
    else { return nil }
    let fields = options[0].split(separator: ",", omittingEmptySubsequences: false)
    let milestones = fields.compactMap { Int($0) }
    guard milestones.count == fields.count, milestones[0] > 0,
      zip(milestones, milestones.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    return .multiStep(milestones: milestones, gamma: gamma)
  }

  private static func cosine(_ options: [String]) -> Schedule? {
    guard options.count <= 1, let minimum = Double(options.first ?? "0"), minimum >= 0,
      minimum.isFinite
    else { return nil }
    return .cosine(minimum: minimum)
  }

  private static func gamma(_ text: String?) -> Double? {
    guard let gamma = Double(text ?? "0.1"), gamma > 0, gamma.isFinite else { return nil }
    return gamma
  }

  public var description: String {
    switch self {
    case .constant: "constant"
    case .step(let every, let gamma): "step:\(every):\(gamma)"
    case .multiStep(let milestones, let gamma):
      "multistep:\(milestones.map { "\($0)" }.joined(separator: ",")):\(gamma)"
    case .cosine(let minimum): minimum == 0 ? "cosine" : "cosine:\(minimum)"
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
