import BalanceCore

/// Options behind a name, `name:option:option`, read one after another.
struct SpelledOptions {
  let name: String
  private let kind: String
  private let text: String
  private var options: ArraySlice<String>
  /// How it is written, for the error.
  var form = ""

  /// - Parameter kind: what the text names, "optimizer".
  init(_ text: String, kind: String) {
    self.text = text
    self.kind = kind
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    name = parts.first ?? ""
    options = parts.dropFirst()
  }

  var refused: BalanceError {
    BalanceError(.usage, "the \(kind) '\(text)' cannot be read", remedy: "write \(form)")
  }

  /// Whether there is one more.
  var isEmpty: Bool { options.isEmpty }

  /// The next option as text, nil at the end.
  mutating func next() -> String? { options.popFirst() }

  /// The next option as a finite number, `usual` at the end; without a usual value it must be there.
  mutating func number(_ usual: Double? = nil, where isAllowed: (Double) -> Bool)
    throws(BalanceError) -> Double
  {
    guard let text = next() else {
      guard let usual else { throw refused }
      return usual
    }
    guard let value = Double(text), value.isFinite, isAllowed(value) else { throw refused }
    return value
  }

  /// The next option as a whole number from `low`.
  mutating func whole(_ usual: Int? = nil, from low: Int) throws(BalanceError) -> Int {
    guard let text = next() else {
      guard let usual else { throw refused }
      return usual
    }
    guard let value = Int(text), value >= low, value <= 1_000_000_000 else { throw refused }
    return value
  }

  func finish() throws(BalanceError) {
    guard isEmpty else { throw refused }
  }

  /// `name:option:option` without the options at the end that are as usual.
  static func spell(_ name: String, _ options: [(value: String, usual: String?)]) -> String {
    var options = options[...]
    while let last = options.last, last.value == last.usual { options.removeLast() }
    return ([name] + options.map(\.value)).joined(separator: ":")
  }
}
