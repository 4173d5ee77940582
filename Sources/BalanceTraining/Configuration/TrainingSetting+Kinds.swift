import BalanceCore

/// Kinds of settings: how a whole number, a choice, … is written and read.
extension TrainingSetting {
  static func whole(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Int> & Sendable,
    from low: Int
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        let range = low...1_000_000_000
        guard let value = Int(text), range.contains(value) else {
          throw refused(
            text, expected: "a whole number from \(low) to \(range.upperBound)")
        }
        configuration[keyPath: path] = value
      })
  }

  static func optional(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Int?> & Sendable,
    in range: ClosedRange<Int>
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { $0[keyPath: path].map(String.init) ?? "auto" },
      set: {
        configuration, text in
        if text == "auto" {
          configuration[keyPath: path] = nil
        } else if let value = Int(text), range.contains(value), !(name == "channels" && value == 2)
        {
          configuration[keyPath: path] = value
        } else {
          throw refused(
            text,
            expected: name == "channels"
              ? "'auto', 1 or 3"
              : "'auto' or a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
      })
  }

  static func real(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Double> & Sendable,
    in range: ClosedRange<Double>
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { "\($0[keyPath: path])" },
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
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Int?> & Sendable,
    absent: String
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { $0[keyPath: path].map(String.init) ?? absent },
      set: { configuration, text in
        let epoch = Int(text) ?? 0
        guard text == absent || epoch >= 2 else {
          throw refused(text, expected: "'\(absent)' or an epoch from 2 up")
        }
        configuration[keyPath: path] = text == absent ? nil : epoch
      })
  }

  static func flag(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Bool> & Sendable
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        guard let flag = Bool(text) else { throw refused(text, expected: "true or false") }
        configuration[keyPath: path] = flag
      })
  }

  /// One of the cases of an enumeration.
  ///
  /// - Parameter kind: what a case is, for errors.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Choice> & Sendable,
    kind: String
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { $0[keyPath: path].rawValue },
      set: { configuration, text in
        guard let choice = Choice(rawValue: text) else {
          throw Suggestion.unknown(kind, text, among: Choice.allCases.map(\.rawValue))
        }
        configuration[keyPath: path] = choice
      })
  }
}
