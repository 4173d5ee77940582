import BalanceCore

/// Reads the text of a `PathPattern`.
struct PatternParser {
  /// What a `\` may be before.
  static let special: Set<Unicode.Scalar> = ["*", "{", "}", ",", "\\"]

  private let text: String
  private var rest: Substring.UnicodeScalarView
  private var tokens: [PathPattern.Token] = []
  private var plain = String.UnicodeScalarView()
  /// Whether what was read last ends anywhere, so that nothing tells where a placeholder begins.
  private var isOpen = false
  private var open = ""

  static func tokens(of text: String) throws(BalanceError) -> [PathPattern.Token] {
    var parser = PatternParser(text)
    try parser.checkPath()
    while let scalar = parser.rest.popFirst() { try parser.read(scalar) }
    parser.endText()
    return parser.tokens
  }

  private init(_ text: String) {
    self.text = text
    rest = text.unicodeScalars[...]
  }

  /// The names between slashes.
  private func checkPath() throws(BalanceError) {
    let names = text.splitBytes(at: "/")
    guard !text.isEmpty else { throw error("is empty", "write one such as '{class}/*.jpg'") }
    guard !text.isAbsolutePath else {
      throw error("begins with /", "write it as seen from the dataset's folder")
    }
    guard !names.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw error(
        "has a name that is empty, '.' or '..'",
        "write it as seen from the dataset's folder, up to the file's name")
    }
    guard !names.contains(where: { $0 != "**" && $0.contains("**") }) else {
      throw error("has '**' beside other text", "put it alone between slashes, or write *")
    }
  }

  private mutating func read(_ scalar: Unicode.Scalar) throws(BalanceError) {
    switch scalar {
    case "\\":
      guard let next = rest.popFirst(), Self.special.contains(next) else {
        throw error(
          "has a \\ before a character that needs none", "write the folders with / between")
      }
      plain.append(next)
    case "*": try readStar()
    case "{": try readBraces()
    default: plain.append(scalar)
    }
  }

  private mutating func readStar() throws(BalanceError) {
    guard rest.first == "*" else { return try add(.run, "*") }
    rest.removeFirst()
    endText()
    tokens.append(.folders)
    isOpen = false
    if rest.isEmpty {
      tokens.append(.run)
    } else {
      // The slash that the folders end with.
      rest.removeFirst()
    }
  }

  private mutating func readBraces() throws(BalanceError) {
    guard let end = rest.firstIndex(of: "}") else {
      throw error("has a { that is never closed", "close it, or write \\{ for the character")
    }
    let inner = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    guard !inner.unicodeScalars.contains(where: { ["{", "/", "*", "\\"].contains($0) }) else {
      throw error(
        "has '{\(inner)}'", "write only plain texts with commas between within braces")
    }
    if inner.contains(",") {
      let texts = inner.splitBytes(at: ",").map { Array($0.utf8) }
      endText()
      tokens.append(.oneOf(texts))
      isOpen = isOpen && texts.contains([])
    } else {
      try add(.capture(placeholder(inner)), "{\(inner)}")
    }
  }

  private func placeholder(_ name: String) throws(BalanceError) -> PathPattern.Placeholder {
    guard let found = PathPattern.Placeholder(rawValue: name) else {
      let names = PathPattern.Placeholder.allCases.map(\.rawValue)
      let meant = Suggestion.nearest(to: name, in: names).map { ": did you mean '{\($0)}'?" } ?? ""
      throw error(
        "has the unknown placeholder '{\(name)}'\(meant)",
        "there are: \(names.map { "{\($0)}" }.joined(separator: ", ")), and {A,B} for one of "
          + "several texts")
    }
    // Several groups together name one.
    guard found == .group || !tokens.contains(.capture(found)) else {
      throw error("has '{\(name)}' more than once", "write * for the others")
    }
    return found
  }

  /// A placeholder or a star, as it is written.
  private mutating func add(_ token: PathPattern.Token, _ written: String) throws(BalanceError) {
    endText()
    guard !isOpen else {
      throw error(
        "has '\(open)' and '\(written)' side by side, so that nothing tells them apart",
        "put the text between them that is between them in the names, or leave one out")
    }
    tokens.append(token)
    isOpen = true
    open = written
  }

  private mutating func endText() {
    guard !plain.isEmpty else { return }
    tokens.append(.text(Array(String(plain).utf8)))
    plain = String.UnicodeScalarView()
    isOpen = false
  }

  private func error(_ what: String, _ remedy: String) -> BalanceError {
    BalanceError(.usage, what, at: "the pattern '\(text)'", remedy: remedy)
  }
}
