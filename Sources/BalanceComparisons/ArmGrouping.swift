import BalanceCore

/// Which runs belong together, and which of the groups is the baseline.
struct ArmGrouping {
  struct Key: Hashable {
    var remedy: Remedy
    var fingerprint: String
    var model: String
    /// Everything that was set; arms may differ in any setting.
    var settings: [String: String]

    init(_ record: RunRecord) {
      remedy = record.knownRemedy
      fingerprint = record.lossFingerprint
      model = record.model
      settings = record.settings.filter { !SettingsDiff.perRun.contains($0.key) }
    }
  }

  /// Positions of the runs of each arm, ordered by seed; the baseline is the first arm.
  let members: [[Int]]
  let keys: [Key]
  let names: [String]
  let baselineReason: String
  /// For each arm what it is compared with: the plain arm of the same model, else the first.
  let references: [Int]
  /// Runs that repeat an arm's seed and were left out, the one that finished last being kept.
  let repeated: [String]

  init(_ records: [RunRecord]) {
    var order: [Key] = []
    var runs: [Key: [UInt64: Int]] = [:]
    var repeated: [String] = []
    for (index, record) in records.enumerated() {
      let key = Key(record)
      if runs[key] == nil { order.append(key) }
      if let other = runs[key]?[record.seed] {
        let keepsNew = record.finished > records[other].finished
        repeated.append(records[keepsNew ? other : index].name)
        if !keepsNew { continue }
      }
      runs[key, default: [:]][record.seed] = index
    }
    if let first = Self.plainPositions(order).first {
      let key = order.remove(at: first)
      order.insert(key, at: 0)
      baselineReason =
        "Plain cross-entropy (no resampling, no class weights) is what everything is compared with."
    } else {
      baselineReason =
        "There is no arm with plain cross-entropy and no resampling, so the first arm is what "
        + "everything is compared with."
    }
    let plainKeys = Set(Self.plainPositions(order).map { order[$0] })
    references = order.map { key in
      order.firstIndex { plainKeys.contains($0) && $0.model == key.model } ?? 0
    }
    members = order.map { (runs[$0] ?? [:]).sorted { $0.key < $1.key }.map(\.value) }
    keys = order
    names = Self.names(order, plain: plainKeys)
    self.repeated = repeated
  }

  /// Runs that diverged with the names of their arms: those of the other runs where they have any
  /// left.
  static func named(_ diverged: [RunRecord], beside others: [RunRecord]) -> [DivergedRun] {
    guard !diverged.isEmpty else { return [] }
    let (kept, all) = (ArmGrouping(others), ArmGrouping(others + diverged))
    return diverged.map { record in
      let key = Key(record)
      let name =
        kept.keys.firstIndex(of: key).map { kept.names[$0] }
        ?? all.keys.firstIndex(of: key).map { all.names[$0] }
      return DivergedRun(arm: name ?? record.name, record: record)
    }
  }

  /// The arms with neither resampling nor class weights nor another loss, one a model.
  private static func plainPositions(_ keys: [Key]) -> [Int] {
    var models: Set<String> = []
    return keys.indices.filter { index in
      let key = keys[index]
      return key.remedy.isPlain && models.insert(key.model).inserted
    }
  }

  /// What an arm does otherwise than the first: strategy, loss with class weights, other settings.
  private static func names(_ keys: [Key], plain: Set<Key>) -> [String] {
    let severalModels = Set(keys.map(\.model)).count > 1
    var names = keys.map { key in
      let (remedy, nothing) = (key.remedy, Remedy())
      var parts: [String] = []
      if remedy.strategy != nothing.strategy { parts.append(remedy.strategy) }
      if remedy.loss != nothing.loss { parts.append(remedy.loss) }
      if remedy.classWeights != nothing.classWeights {
        parts.append("\(remedy.classWeights) weights")
      }
      if parts.isEmpty { parts = [plain.contains(key) ? "plain cross-entropy" : "cross-entropy"] }
      let others = key.settings.sorted { $0.key < $1.key }.filter { name, value in
        !SettingsDiff.expected.contains(name) && name != "class-weights"
          && keys[0].settings[name] != value && !plain.contains(key)
      }
      return parts.joined(separator: " + ") + (severalModels ? ", \(key.model)" : "")
        + others.map { ", \($0.key) \($0.value)" }.joined()
    }
    // Losses that are spelled alike but are not the same formula.
    let repeated = Set(names.filter { name in names.count(where: { $0 == name }) > 1 })
    for index in names.indices where repeated.contains(names[index]) {
      names[index] += " (\(keys[index].fingerprint))"
    }
    return names
  }
}
