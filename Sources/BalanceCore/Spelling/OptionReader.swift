/// The options behind a name, read one after another.
final class OptionReader {
  /// The form as errors show it.
  struct Names: Sendable {
    let form: String
    let naming: FormNaming
    let usage: String
    let example: String
  }

  private var rest: ArraySlice<String>
  /// `loss 'focal'`.
  private let subject: String
  private let names: Names
  /// What was read, for examples.
  private var spelled: [String]

  init(_ texts: [String], of kind: String, _ names: Names) {
    rest = texts[...]
    subject = names.naming == .none ? kind : "\(kind) '\(names.form)'"
    self.names = names
    spelled = names.naming == .name || names.naming == .bare ? [names.form] : []
  }

  /// - Throws: `BalanceError` with code `usage` where it is missing or out of range.
  func next<Value>(_ option: SpelledOption<Value>) throws(BalanceError) -> Value {
    guard !rest.isEmpty else {
      if let usual = option.usual { return usual }
      throw BalanceError(
        .usage, "the \(subject) needs \(option.name)",
        remedy: "write \(names.usage), as in \(names.example)")
    }
    let text = rest.prefix(option.parts).joined(separator: ":")
    rest = rest.dropFirst(option.parts)
    guard let value = option.read(text) else {
      let example =
        (names.naming == .glued ? names.form : "")
        + (spelled + [option.example]).joined(separator: ":")
      throw BalanceError(
        .usage, "\(option.name.lowercased()) of the \(subject) is '\(text)'",
        remedy: "expected \(option.expected), as in \(example)")
    }
    spelled.append(text)
    return value
  }

  /// - Throws: `BalanceError` with code `usage` where something is left.
  func finish() throws(BalanceError) {
    guard let text = rest.first else { return }
    throw BalanceError(
      .usage, "the \(subject) has no option '\(text)'", remedy: "write \(names.usage)")
  }
}
