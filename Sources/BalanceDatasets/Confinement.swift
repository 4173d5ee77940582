import BalanceCore
import Foundation

/// Keeps a dataset's files inside its root, however they are named or linked. Paths are compared
/// by their bytes, as the system does.
struct Confinement: Sendable {
  /// The root with every symbolic link resolved.
  let root: String
  let allowsOutside: Bool

  /// A folder's path as one relative to the root, without empty and `.` parts, so that it can be
  /// appended to the root; nil where it leads out, by words or links, and that is not allowed.
  ///
  /// An absolute path, and one with `..`, is inside where the folder that it names is. Where it is
  /// outside and may be, it comes back as `../…`.
  func relative(folder path: String) -> String? {
    let parts = path.pathParts.filter { $0 != "." }
    let goesUp = parts.contains("..")
    let plain = parts.joined(separator: "/")
    let isAbsolute = path.isAbsolutePath
    let rootParts = root.pathParts
    let shared = zip(parts, rootParts).prefix { $0.hasSameBytes(as: $1) }.count
    if !isAbsolute, !goesUp {
      return contains(real: plain) == false ? nil : plain
    }
    if isAbsolute, !goesUp, shared == rootParts.count {
      let inner = parts.dropFirst(shared).joined(separator: "/")
      return contains(real: inner) == false ? nil : inner
    }
    if let inner = real(folder: path) { return inner }
    guard allowsOutside else { return nil }
    guard isAbsolute else { return plain }
    let up = repeatElement("..", count: rootParts.count - shared)
    return (up + parts.dropFirst(shared)).joined(separator: "/")
  }

  /// Whether the place that a relative path leads to, links resolved, is inside the root; nil
  /// where nothing is there.
  func contains(real path: String) -> Bool? {
    guard let real = Self.realPath(absolute(path)) else { return nil }
    return allowsOutside || isInside(real)
  }

  /// What a folder is called below the root with links resolved; nil where it is not there, not
  /// below, or not UTF-8.
  func real(folder path: String) -> String? {
    guard let real = Self.realPath(absolute(path)), isInside(real),
      let text = String(validating: real, as: UTF8.self)
    else { return nil }
    return text.pathParts.dropFirst(root.pathParts.count).joined(separator: "/")
  }

  func absolute(_ path: String) -> String {
    path.isAbsolutePath ? path : path.isEmpty ? root : root.appendingPath(path)
  }

  /// The bytes of the path with links resolved, or nil where nothing is there.
  static func realPath(_ path: String) -> [UInt8]? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
  }

  private func isInside(_ real: [UInt8]) -> Bool {
    let root = root == "/" ? "" : root
    return real.starts(with: root.utf8)
      && (real.count == root.utf8.count || real[root.utf8.count] == UInt8(ascii: "/"))
  }
}
