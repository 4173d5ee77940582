import BalanceCore

/// Which settings are not the same in all runs.
enum SettingsDiff {
  /// The arms are meant to differ in these.
  static let expected: Set<String> = ["strategy", "loss", "seed", "model", "out", "name"]

  static func differing(_ arms: [[RunRecord]]) -> [Comparison.SettingDifference] {
    let records = arms.flatMap(\.self)
    let names = Set(records.flatMap(\.settings.keys)).subtracting(expected)
    return names.sorted().compactMap { name in
      guard Set(records.map { $0.settings[name] ?? "" }).count > 1 else { return nil }
      return Comparison.SettingDifference(
        name: name,
        values: arms.map { arm in Set(arm.map { $0.settings[name] ?? "–" }).sorted() })
    }
  }
}
