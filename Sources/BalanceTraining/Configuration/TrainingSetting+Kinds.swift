import BalanceCore

/// Kinds of settings: how a whole number, a choice, … is written and read.
extension TrainingSetting {
  typealias Path<Value> = any WritableKeyPath<TrainingConfiguration, Value> & Sendable

  /// A value with a grammar; help lists its forms.
  static func spelled<Value: Spelled>(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Value>,
    valueName: String? = nil
  ) -> TrainingSetting {
    TrainingSetting(
      name, section, "\(help): \(Value.grammar.usage)", valueName: valueName,
      forms: Form.all(of: Value.grammar),
      get: { $0[keyPath: path].description },
      set: { $0[keyPath: path] = try Value(parsing: $1) })
  }

  static func whole(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Int>, from low: Int,
    valueName: String? = nil
  ) -> TrainingSetting {
    TrainingSetting(
      name, section, help, valueName: valueName, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        let range = low...1_000_000_000
        guard let value = Int(text), range.contains(value) else {
          throw refused(
            text, expected: "a whole number from \(low) to \(range.upperBound)")
        }
        configuration[keyPath: path] = value
      })
  }

  /// A whole number, or what the data suggest.
  ///
  /// - Parameter gap: a number within the range that it cannot be.
  static func optional(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Int?>,
    in range: ClosedRange<Int>, except gap: Int? = nil, valueName: String? = nil,
    defaultNote: String
  ) -> TrainingSetting {
    let few = range.count <= 4 ? range.filter { $0 != gap }.map(String.init) : nil
    let expected =
      few.map { (["'auto'"] + $0).listed(by: "or") }
      ?? "'auto' or a whole number from \(range.lowerBound) to \(range.upperBound)"
    return TrainingSetting(
      name, section, help, valueName: valueName, defaultNote: defaultNote,
      get: { $0[keyPath: path].map(String.init) ?? "auto" },
      set: { configuration, text in
        if text == "auto" {
          configuration[keyPath: path] = nil
        } else if let value = Int(text), range.contains(value), value != gap {
          configuration[keyPath: path] = value
        } else {
          throw refused(text, expected: expected)
        }
      })
  }

  static func real(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Double>,
    in range: ClosedRange<Double>, valueName: String? = nil
  ) -> TrainingSetting {
    TrainingSetting(
      name, section, help, valueName: valueName, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        guard let value = Double(text), range.contains(value) else {
          throw refused(
            text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        configuration[keyPath: path] = value
      })
  }

  static func refused(_ text: String, expected: String) -> BalanceError {
    BalanceError(.usage, "expected \(expected), found '\(text)'")
  }

  /// An epoch counted from 1, of which the first makes no sense; `absent` is how nil is written.
  static func epoch(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Int?>, absent: String
  ) -> TrainingSetting {
    TrainingSetting(
      name, section, help, valueName: "epoch",
      get: { $0[keyPath: path].map(String.init) ?? absent },
      set: { configuration, text in
        let epoch = Int(text) ?? 0
        guard text == absent || epoch >= 2 else {
          throw refused(text, expected: "'\(absent)' or an epoch from 2 up")
        }
        configuration[keyPath: path] = text == absent ? nil : epoch
      })
  }

  static func flag(_ name: String, _ section: Section, _ help: String, _ path: Path<Bool>)
    -> TrainingSetting
  {
    TrainingSetting(
      name, section, help, isFlag: true, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        guard let flag = Bool(text) else { throw refused(text, expected: "true or false") }
        configuration[keyPath: path] = flag
      })
  }

  /// One of the cases of an enumeration.
  ///
  /// - Parameter kind: what a case is, for errors.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ section: Section, _ help: String, _ path: Path<Choice>, kind: String,
    valueName: String
  ) -> TrainingSetting {
    let words = Choice.allCases.map(\.rawValue)
    return TrainingSetting(
      name, section, "\(help): \(words.listed(by: "or"))", valueName: valueName,
      get: { $0[keyPath: path].rawValue },
      set: { configuration, text in
        guard let choice = Choice(rawValue: text) else {
          throw Suggestion.unknown(kind, text, among: words)
        }
        configuration[keyPath: path] = choice
      })
  }
}
