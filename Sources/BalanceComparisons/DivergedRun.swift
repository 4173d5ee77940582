public import BalanceCore

/// A run that could not be computed to its end: it is in no figure of the comparison, but named.
public struct DivergedRun: Codable, Hashable, Sendable {
  /// The name of its arm, whose other runs may have come to their end.
  public var arm: String
  /// Its `divergence` says where and why.
  public var record: RunRecord
}

extension Comparison {
  /// How many runs of an arm diverged, beside those that its figures are of.
  public func divergedCount(_ arm: Arm) -> Int { diverged.count { $0.arm == arm.name } }

  /// `1 of 5 runs diverged`; nil where none did.
  public func divergence(_ arm: Arm) -> String? {
    let count = divergedCount(arm)
    guard count > 0 else { return nil }
    return "\(count) of \(Figures.counted(count + arm.seeds.count, "run")) diverged"
  }
}

extension ComparisonBuilder {
  /// Names what diverged and is left out.
  func divergenceAlerts() -> [Comparison.Alert] {
    guard !diverged.isEmpty else { return [] }
    let count = diverged.count
    let runs = diverged.map {
      "\($0.arm), seed \($0.record.seed): \($0.record.divergence?.reason ?? "")"
    }
    return [
      Comparison.Alert(
        level: .warning, title: "\(Figures.counted(count, "run")) diverged",
        detail: "\(runs.prefix(5).joined(separator: "; "))"
          + (count > 5 ? "; and \(count - 5) more" : "")
          + ". No figure counts \(count == 1 ? "it" : "them"), so that an arm of which only some "
          + "seeds are left looks better than it is, and cannot be the winner. A smaller learning "
          + "rate may help.")
    ]
  }
}
