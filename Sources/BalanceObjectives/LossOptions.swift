import BalanceCore

/// The numbers behind a loss's name, `name:NUMBER:NUMBER`, read one after the other.
struct LossOptions {
  /// What a number is and which numbers it can be.
  struct Kind {
    let what: String
    let range: ClosedRange<Double>
    let expected: String
    let example: String

    static let gamma = Kind(
      what: "gamma", range: 0...Double.greatestFiniteMagnitude, expected: "a number from 0",
      example: "2")
    static let beta = Kind(
      what: "beta", range: 0...1.0.nextDown, expected: "a number from 0 to below 1",
      example: "0.999")
    static let epsilon = Kind(
      what: "epsilon", range: 0...1, expected: "a number from 0 to 1", example: "0.1")
    static let headEpsilon = Kind(
      what: "epsilon of the commonest class", range: 0...1, expected: "a number from 0 to 1",
      example: "0.3")
    static let tailEpsilon = Kind(
      what: "epsilon of the rarest class", range: 0...1, expected: "a number from 0 to 1",
      example: "0.05")
    static let margin = Kind(
      what: "margin of the rarest class", range: 0...1, expected: "a number from 0 to 1",
      example: "0.5")
    static let scale = Kind(
      what: "scale of the cosines", range: 1e-3...500, expected: "a number from 0.001 to 500",
      example: "30")
    static let tau = Kind(
      what: "tau", range: 0...1000, expected: "a number from 0 to 1000", example: "1")
  }

  let name: String
  private var rest: ArraySlice<String>
  /// What was read, and examples for what was left out.
  private var spelling: String

  init(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    name = parts[0]
    rest = parts.dropFirst()
    spelling = name
  }

  /// The next number; `usual` where the text has no more.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  mutating func next(_ kind: Kind, _ usual: Double) throws(BalanceError) -> Double {
    guard let text = rest.popFirst() else {
      spelling += ":\(kind.example)"
      return usual
    }
    guard let value = Double(text), kind.range.contains(value) else {
      throw BalanceError(
        .usage, "\(kind.what) of the loss '\(name)' is '\(text)'",
        remedy: "expected \(kind.expected), as in \(spelling):\(kind.example)")
    }
    spelling += ":\(text)"
    return value
  }

  /// - Throws: `BalanceError` with code `usage` where the text has more than the loss takes.
  func finish() throws(BalanceError) {
    guard let text = rest.first else { return }
    throw BalanceError(
      .usage, "the loss '\(name)' has no option '\(text)'", remedy: "write \(spelling)")
  }
}
