/// A value that people write as a name with options behind it, `name:option:option`: on the command
/// line, in manifests and in records.
///
/// Its grammar says once how each of its forms is written; reading, `description`, `Codable`, the
/// usage in help and errors come of it.
public protocol Spelled: Hashable, Sendable, Codable, CustomStringConvertible {
  static var grammar: Grammar<Self> { get }
}

extension Spelled {
  /// Reads what `description` writes, and shorter spellings that mean the same.
  ///
  /// - Throws: `BalanceError` with code `usage`: an unknown name, with the one that was meant; an
  ///   option out of its range, missing, or that there is not.
  public init(parsing text: String) throws(BalanceError) {
    self = try Self.grammar.value(of: text)
  }

  /// Options at the end that are as usual are left out.
  public var description: String { Self.grammar.spelling(of: self) }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
