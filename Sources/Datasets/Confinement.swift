import Foundation

/// Keeps a dataset's files inside its root, however they are named or linked.
struct Confinement: Sendable {
  /// The root with every symbolic link resolved.
  let root: String
  let allowsOutside: Bool

  /// Whether a relative path names a place inside the root, by its words alone: not absolute, no
  /// `..`, no NUL. Links are the matter of `contains(real:)`.
  func accepts(path: String) -> Bool {
    if path.utf8.contains(0) { return false }
    if allowsOutside { return true }
    if path.hasPrefix("/") { return false }
    return !path.split(separator: "/").contains("..")
  }

  /// Whether the place that a relative path leads to, links resolved, is inside the root; nil
  /// where nothing is there.
  func contains(real path: String) -> Bool? {
    guard let real = Self.realPath(absolute(path)) else { return nil }
    return allowsOutside || real == root || real.hasPrefix(root == "/" ? "/" : root + "/")
  }

  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : root + "/" + path
  }

  /// An absolute path as one relative to the root (`../…` where it is outside), so that it can be
  /// appended to the root like any other; a relative path as it is, without empty and `.` parts.
  func relative(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard path.hasPrefix("/") else { return parts.joined(separator: "/") }
    let rootParts = root.split(separator: "/")
    let shared = zip(parts, rootParts).prefix { $0 == $1 }.count
    let up = repeatElement("..", count: rootParts.count - shared).map { Substring($0) }
    return (up + parts.dropFirst(shared)).joined(separator: "/")
  }

  /// The path with links resolved, or nil where nothing is there.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }
}
