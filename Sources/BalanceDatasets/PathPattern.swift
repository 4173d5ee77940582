public import BalanceCore

/// Which paths are meant, and which of their parts name class, split and group: no regular
/// expression, and matched in time that grows with the path's length alone.
///
/// ```
/// MT_{class}/Imgs/*.jpg                 {split}/**/{class}/{group}_*.{jpg,png}
/// ```
/// - `{class}`, `{split}`, `{group}`: at least one character, of one name in the path.
/// - `*`: any characters, or none, of one name. `**`: any folders, or none; at the end, any file.
/// - `{jpg,png}`: one of these texts.
/// - `\` before `*`, `{`, `}`, `,` or `\`: that character.
///
/// The whole path, relative to the dataset's folder, must match, in upper and lower case as it is.
/// Where several readings do, the first placeholder or `*` from the left takes as much as it can.
public struct PathPattern: Hashable, Sendable {
  package enum Placeholder: String, CaseIterable, Sendable {
    case `class`, split, group
  }

  enum Token: Hashable, Sendable {
    case text([UInt8])
    case oneOf([[UInt8]])
    /// `*`
    case run
    /// `**/`
    case folders
    case capture(Placeholder)
  }

  /// As it was written.
  public let text: String
  let tokens: [Token]

  /// - Throws: `BalanceError` with code `usage`, saying where the pattern makes no sense.
  public init(_ text: String) throws(BalanceError) {
    self.text = text
    tokens = try PatternParser.tokens(of: text)
  }

  package var placeholders: [Placeholder] {
    tokens.compactMap { if case .capture(let placeholder) = $0 { placeholder } else { nil } }
  }

  /// `text` with a `\` wherever a pattern would read more into it.
  package static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if PatternParser.special.contains(scalar) { result.append("\\") }
      result.append(scalar)
    }
    return String(result)
  }
}

/// As its text.
extension PathPattern: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do { try self.init(text) } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(text)
  }
}
