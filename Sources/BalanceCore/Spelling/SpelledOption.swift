/// An option of a spelled value: its name, what it can be, and what it usually is.
public struct SpelledOption<Value: Hashable & Sendable>: Sendable {
  /// `GAMMA`.
  public let name: String
  /// `a number from 0`.
  public let expected: String
  public let example: String
  /// What it is where it is left out; nil where it must be there.
  public let usual: Value?
  /// How many pieces between colons it takes.
  let parts: Int
  /// Whether it is written though it is as usual.
  let isAlwaysWritten: Bool
  let read: @Sendable (String) -> Value?
  let write: @Sendable (Value) -> String

  /// - Parameters:
  ///   - parts: how many pieces between colons it takes.
  ///   - isAlwaysWritten: whether it is written though it is as usual.
  ///   - read: nil for a text that it cannot be.
  public init(
    _ name: String, _ expected: String, usual: Value? = nil, example: String, parts: Int = 1,
    isAlwaysWritten: Bool = false, read: @escaping @Sendable (String) -> Value?,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.name = name
    self.expected = expected
    self.example = example
    self.usual = usual
    self.parts = parts
    self.isAlwaysWritten = isAlwaysWritten
    self.read = read
    self.write = write
  }

  func text(of value: Value) -> (text: String, isUsual: Bool) {
    (write(value), value == usual && !isAlwaysWritten)
  }

  /// What is known of it whatever its type.
  var described: DescribedOption {
    DescribedOption(name: name, expected: expected, usual: usual.map(write), example: example)
  }

  /// The same option, written even where it is as usual.
  public var alwaysWritten: SpelledOption {
    SpelledOption(
      name, expected, usual: usual, example: example, parts: parts, isAlwaysWritten: true,
      read: read, write: write)
  }
}

extension SpelledOption where Value == Double {
  public static func number(
    _ name: String, _ range: NumberRange, usual: Double? = nil, example: String? = nil
  ) -> SpelledOption {
    SpelledOption(
      name, "a number \(range)", usual: usual, example: example ?? usual.map(shortest) ?? name,
      read: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { "\($0)" })
  }

  private static func shortest(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e6 ? "\(Int(number))" : "\(number)"
  }
}

extension SpelledOption where Value == Int {
  /// The largest whole number of any option.
  public static var largest: Int { 1_000_000_000 }

  public static func whole(
    _ name: String, from low: Int, to high: Int = largest, usual: Int? = nil,
    example: String? = nil
  ) -> SpelledOption {
    SpelledOption(
      name, "a whole number from \(low)" + (high == largest ? "" : " to \(high)"), usual: usual,
      example: example ?? usual.map(String.init) ?? name,
      read: { text in Int(text).flatMap { (low...high).contains($0) ? $0 : nil } },
      write: { "\($0)" })
  }
}

extension SpelledOption
where Value: CaseIterable & RawRepresentable, Value.RawValue == String, Value.AllCases: Sendable {
  /// One of the cases of an enumeration.
  public static func choice(_ name: String, usual: Value? = nil) -> SpelledOption {
    let words = Value.allCases.map(\.rawValue)
    return SpelledOption(
      name, words.listed(by: "or"), usual: usual, example: usual?.rawValue ?? words.first ?? name,
      read: { Value(rawValue: $0) }, write: { $0.rawValue })
  }
}
