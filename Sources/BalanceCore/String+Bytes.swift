/// What `String` asks of characters, asked of UTF-8 bytes.
///
/// A character is a base with all its combining marks, so `"/\u{301}x".hasPrefix("/")` is false and
/// `split(separator: "/")` does not see that slash, while the file system does. Whatever names a
/// file, or guards against one, goes by bytes.
extension String {
  package func hasSameBytes(as other: String) -> Bool {
    compareBytes(self, other) == 0
  }

  package func hasBytePrefix(_ prefix: String) -> Bool {
    utf8.starts(with: prefix.utf8)
  }

  package func hasByteSuffix(_ suffix: String) -> Bool {
    utf8.reversed().starts(with: suffix.utf8.reversed())
  }

  /// The text behind this prefix; nil where it does not begin with it.
  package func droppingBytePrefix(_ prefix: String) -> String? {
    hasBytePrefix(prefix) ? String(Substring(utf8.dropFirst(prefix.utf8.count))) : nil
  }

  /// The pieces between separators, empty ones included.
  ///
  /// - Precondition: `separator` is ASCII.
  package func splitBytes(at separator: Unicode.Scalar) -> [String] {
    let separator = UInt8(ascii: separator)
    return utf8.split(separator: separator, omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
  }
}

/// Paths, by their bytes.
extension String {
  package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

  /// The names in a path; empty ones (`a//b`) are left out.
  package var pathParts: [String] {
    utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// What follows the last slash; the whole path where there is none.
  package var lastPathPart: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(Substring(utf8[utf8.index(after: slash)...]))
  }

  /// What precedes the last slash; empty where there is none, and for what lies in `/` itself.
  package var pathFolder: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(Substring(utf8[..<slash]))
  }

  /// The path of a name in the folder that this is a path of; the name itself in the folder "".
  package func appendingPath(_ name: String) -> String {
    if isEmpty { return name }
    return utf8.last == UInt8(ascii: "/") ? "\(self)\(name)" : "\(self)/\(name)"
  }
}
