import BalanceCore

/// Which settings are not the same in all runs.
enum SettingsDiff {
  /// The runs of one arm differ in these.
  static let perRun: Set<String> = ["seed", "out", "name", "threads"]
  /// The arms are meant to differ in these.
  static let expected = perRun.union(["strategy", "loss", "model"])

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
