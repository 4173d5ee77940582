/// How the values of a kind are written: one of several forms.
public struct Grammar<Value: Sendable>: Sendable {
  /// What a value is, for errors: "loss".
  public let kind: String
  /// A value is written by the first of them that has it.
  public let forms: [SpelledForm<Value>]

  public init(_ kind: String, _ forms: [SpelledForm<Value>]) {
    self.kind = kind
    self.forms = forms
  }

  /// The forms' names, or an example where options belong to the name.
  public var names: [String] {
    forms.map { $0.naming == .none || $0.naming == .glued ? $0.example : $0.name }
  }

  /// `none, weighted[:EXPONENT] or oversample`.
  public var usage: String { forms.map(\.usage).listed(by: "or") }

  /// - Throws: `BalanceError` with code `usage`, as `Spelled.init(parsing:)`.
  package func value(of text: String) throws(BalanceError) -> Value {
    let (name, options) = Self.parts(of: text)
    if let form = forms.first(where: { $0.naming != .none && $0.name == name }),
      form.naming != .glued
    {
      return try form.read(options, kind)
    }
    for form in forms where form.naming == .glued && name.hasPrefix(form.name) {
      // With a colon after the name, as other values are written, it is the same value.
      let glued =
        name == form.name && !options.isEmpty ? [] : [String(name.dropFirst(form.name.count))]
      return try form.read(glued + options, kind)
    }
    if let form = forms.first(where: \.isBare), Self.beginsLikeANumber(text) {
      return try form.read([name] + options, kind)
    }
    throw Suggestion.unknown(kind, name, among: names)
  }

  /// - Precondition: one of the forms has the value.
  func spelling(of value: Value) -> String {
    for form in forms {
      if let text = form.spelling(value) { return text }
    }
    preconditionFailure("no form of the \(kind) has this value: \(value)")
  }

  private static func parts(of text: String) -> (name: String, options: [String]) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    return (parts[0], Array(parts.dropFirst()))
  }

  private static func beginsLikeANumber(_ text: String) -> Bool {
    text.unicodeScalars.first.map { "0123456789.+-".unicodeScalars.contains($0) } ?? false
  }
}

extension [String] {
  /// `a, b or c`.
  package func listed(by conjunction: String) -> String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
