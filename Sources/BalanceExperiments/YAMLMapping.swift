import BalanceCore
import Yams

/// A mapping of a YAML file, read key by key, with the line in every error.
struct YAMLMapping {
  private let file: String
  /// What the mapping is, for errors: "the manifest", "data".
  private let title: String
  private let pairs: [(key: String, line: Int, value: Node)]
  /// Of each key in `pairs`.
  private let positions: [String: Int]
  private let variables: [String: String]

  /// - Throws: `BalanceError` with code `usage` where `node` is not a mapping, a key occurs twice
  ///   or is none of `keys`.
  init(
    _ node: Node, title: String, file: String, keys: [String]?, variables: [String: String]
  ) throws(BalanceError) {
    self.file = file
    self.title = title
    self.variables = variables
    guard let mapping = node.mapping else {
      throw BalanceError(
        .usage, "expected \(title) as 'key: value' lines", at: Self.place(file, node))
    }
    var pairs: [(key: String, line: Int, value: Node)] = []
    var positions: [String: Int] = [:]
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw BalanceError(.usage, "a key is not a word", at: Self.place(file, key))
      }
      if let keys, !keys.contains(name) {
        let error = Suggestion.unknown("key in \(title)", name, among: keys)
        throw BalanceError(.usage, error.what, at: Self.place(file, key), remedy: error.remedy)
      }
      guard positions.updateValue(pairs.count, forKey: name) == nil else {
        throw BalanceError(.usage, "'\(name)' is given twice", at: Self.place(file, key))
      }
      pairs.append((name, key.mark?.line ?? 0, value))
    }
    self.pairs = pairs
    self.positions = positions
  }

  var keys: [String] { pairs.map(\.key) }

  func has(_ key: String) -> Bool { positions[key] != nil }

  /// `FILE, line N` of a key.
  func place(_ key: String) -> String {
    let line = positions[key].map { pairs[$0].line } ?? 0
    return line > 0 ? "\(file), line \(line)" : file
  }

  /// The text of a scalar with its variables filled in, or nil where the key is absent.
  func text(_ key: String) throws(BalanceError) -> String? {
    guard let node = node(key) else { return nil }
    return try text(node, key)
  }

  /// - Throws: also where the key is absent.
  func required(_ key: String) throws(BalanceError) -> String {
    guard let text = try text(key) else {
      throw BalanceError(.usage, "\(title) lacks '\(key)'", at: file, remedy: "add it")
    }
    return text
  }

  /// A list of scalars; a single scalar is a list of one. Nil where the key is absent.
  func list(_ key: String) throws(BalanceError) -> [String]? {
    guard let node = node(key) else { return nil }
    guard let sequence = node.sequence else { return [try text(node, key)] }
    var result: [String] = []
    for item in sequence { result.append(try text(item, key)) }
    return result
  }

  /// The scalars of a list with the place of each; nil where the value is not a list.
  func items(_ key: String) throws(BalanceError) -> [(text: String, place: String)]? {
    guard let sequence = node(key)?.sequence else { return nil }
    var result: [(text: String, place: String)] = []
    for item in sequence { result.append((try text(item, key), Self.place(file, item))) }
    return result
  }

  func isMapping(_ key: String) -> Bool { node(key)?.mapping != nil }

  func flag(_ key: String) throws(BalanceError) -> Bool? {
    switch try text(key) {
    case nil: return nil
    case "true", "yes": return true
    case "false", "no": return false
    case let other?:
      throw BalanceError(
        .usage, "'\(key)' is '\(other)', expected true or false", at: place(key))
    }
  }

  func number<T: LosslessStringConvertible>(_ key: String, _ type: T.Type) throws(BalanceError)
    -> T?
  {
    guard let text = try text(key) else { return nil }
    guard let value = T(text) else {
      throw BalanceError(.usage, "'\(key)' is '\(text)', expected a number", at: place(key))
    }
    return value
  }

  /// A mapping within this one; nil keys take any.
  func mapping(_ key: String, keys: [String]?) throws(BalanceError) -> YAMLMapping? {
    guard let node = node(key) else { return nil }
    return try YAMLMapping(node, title: "'\(key)'", file: file, keys: keys, variables: variables)
  }

  /// A list of mappings.
  func mappings(_ key: String, keys: [String]?) throws(BalanceError) -> [YAMLMapping] {
    guard let node = node(key) else { return [] }
    guard let sequence = node.sequence else {
      throw BalanceError(.usage, "'\(key)' is not a list", at: place(key))
    }
    var result: [YAMLMapping] = []
    for item in sequence {
      result.append(
        try YAMLMapping(
          item, title: "'\(key)'", file: file, keys: keys, variables: variables))
    }
    return result
  }

  private func node(_ key: String) -> Node? { positions[key].map { pairs[$0].value } }

  private func text(_ node: Node, _ key: String) throws(BalanceError) -> String {
    guard let scalar = node.scalar else {
      throw BalanceError(
        .usage, "'\(key)' is a list or a mapping, expected one value", at: Self.place(file, node))
    }
    return try ManifestVariables.fill(scalar.string, variables, at: Self.place(file, node))
  }

  private static func place(_ file: String, _ node: Node) -> String {
    node.mark.map { "\(file), line \($0.line)" } ?? file
  }
}

/// `${NAME}` in the values of a manifest.
enum ManifestVariables {
  /// - Throws: `BalanceError` with code `usage` for a variable without a value.
  static func fill(_ text: String, _ variables: [String: String], at place: String)
    throws(BalanceError) -> String
  {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
      let name = String(rest[start.upperBound..<end])
      guard let value = variables[name] else {
        throw BalanceError(
          .usage, "the variable ${\(name)} has no value", at: place,
          remedy: name == "DATA"
            ? "say where the data is with --data DIR" : "the only variable is ${DATA}, --data DIR")
      }
      result += rest[..<start.lowerBound] + value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
