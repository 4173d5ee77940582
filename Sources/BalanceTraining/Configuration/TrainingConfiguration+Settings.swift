public import BalanceCore

extension TrainingConfiguration {
  /// Every setting as text, by name.
  public var settings: [String: String] {
    Dictionary(uniqueKeysWithValues: TrainingSetting.all.map { ($0.name, $0.get(self)) })
  }

  /// Reads one setting.
  ///
  /// - Throws: `BalanceError` with code `usage`: an unknown name, with the nearest one, or a value
  ///   that the setting cannot have, naming the setting.
  public mutating func set(_ name: String, to text: String) throws(BalanceError) {
    guard let setting = TrainingSetting.all.first(where: { $0.name == name }) else {
      throw Suggestion.unknown("setting", name, among: TrainingSetting.names)
    }
    do {
      try setting.set(&self, text)
    } catch let error as BalanceError {
      throw BalanceError(error.code, error.what, at: error.place ?? name, remedy: error.remedy)
    } catch {
      throw BalanceError(.usage, "\(error)", at: name)
    }
  }

  /// The settings as the mapping of a YAML file, one a line.
  public var yaml: String {
    TrainingSetting.all.map { "\($0.name): \(YAMLText.scalar($0.get(self)))\n" }.joined()
  }

  /// `STRATEGY` or `STRATEGY@EPOCH`, as lists of strategies have it; the strategy holds from the
  /// epoch on.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public mutating func setStrategy(_ name: String) throws(BalanceError) {
    let parts = Remedy.parts(ofStrategy: name)
    try set("strategy", to: parts.strategy)
    try set("defer-strategy", to: parts.from ?? "none")
  }

  /// `LOSS`, `LOSS+CLASSWEIGHTS` or `LOSS+CLASSWEIGHTS@EPOCH`, as lists of losses have it; the
  /// weights hold from the epoch on.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public mutating func setLoss(_ name: String) throws(BalanceError) {
    let parts = Remedy.parts(ofLoss: name)
    try set("loss", to: parts.loss)
    try set("class-weights", to: parts.weights ?? "none")
    try set("defer-weights", to: parts.from ?? "none")
  }
}

/// Text as YAML scalars.
package enum YAMLText {
  /// `text` as it is where nothing in it means anything in YAML, else in double quotes.
  package static func scalar(_ text: String) -> String {
    let first = text.unicodeScalars.first
    let isSafe = first.map { ("a"..."z").contains($0) || ("0"..."9").contains($0) } ?? false
    let isKeyword = ["true", "false", "null", "yes", "no"].contains(text)
    if text.isPlain(), isSafe, text.last != ":", !isKeyword {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      // YAML ends a line, and so a comment, at U+0085, U+2028 and U+2029, too.
      case _ where Printable.isHidden(scalar, after: nil):
        let hex = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
