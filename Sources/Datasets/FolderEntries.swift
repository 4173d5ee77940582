import BalanceCore
import Foundation

/// The names in one folder, sorted by bytes.
struct FolderEntries {
  struct Entry {
    enum Kind { case file, folder, link, unknown }
    let name: String
    let kind: Kind
  }

  var entries: [Entry] = []
  /// Names that are not UTF-8, repaired so that they can be shown.
  var badNames: [String] = []

  /// Hidden names (a dot first) are left out.
  ///
  /// - Throws: `BalanceError` with code `noInput`.
  init(_ path: String) throws(BalanceError) {
    guard let folder = opendir(path) else {
      throw BalanceError(
        .noInput, "the folder cannot be read (\(String(cString: strerror(errno))))", at: path,
        remedy: "check the path and its permissions")
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name: String? = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        let pointer = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
        if pointer[0] == CChar(UInt8(ascii: ".")) { return nil }
        if let name = String(validatingCString: pointer) { return name }
        badNames.append(String(cString: pointer))
        return nil
      }
      guard let name else { continue }
      let kind: Entry.Kind =
        switch Int32(entry.pointee.d_type) {
        case Int32(DT_REG): .file
        case Int32(DT_DIR): .folder
        case Int32(DT_LNK): .link
        default: .unknown
        }
      entries.append(Entry(name: name, kind: kind))
    }
    entries.sort { precedesInBytes($0.name, $1.name) }
  }

  /// The folders among the entries, links to folders included.
  func folders(in path: String) -> [String] {
    entries.filter { entry in
      switch entry.kind {
      case .folder: return true
      case .file: return false
      case .link, .unknown:
        var status = stat()
        return stat(path + "/" + entry.name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
    }.map(\.name)
  }
}
