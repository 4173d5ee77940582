import BalanceCore
import Foundation

/// The names in one folder, sorted by bytes.
struct FolderEntries {
  struct Entry {
    enum Kind { case file, folder, link, unknown }
    let name: String
    let kind: Kind
  }

  /// What a name stands for, links followed.
  enum Place {
    case file, folder
    /// A pipe, a socket, a device.
    case special
    /// With what the system says, such as `ENOENT` of a link whose target is gone.
    case nowhere(Int32)
  }

  private(set) var entries: [Entry] = []
  /// Names that begin with a dot, and folders that systems leave behind.
  private(set) var hidden: [String] = []
  /// Names that are not UTF-8, with `\xNN` for each byte that is not.
  private(set) var badNames: [String] = []

  /// - Throws: `BalanceError` with code `noInput`, also where reading stops before the end.
  init(_ path: String) throws(BalanceError) {
    guard let folder = opendir(path) else { throw Self.unreadable(path) }
    defer { closedir(folder) }
    errno = 0
    while let entry = readdir(folder) {
      let kind: Entry.Kind =
        switch Int32(entry.pointee.d_type) {
        case Int32(DT_REG): .file
        case Int32(DT_DIR): .folder
        case Int32(DT_LNK): .link
        default: .unknown
        }
      withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        let name = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
        add(UnsafeBufferPointer(start: name, count: strlen(name)), kind)
      }
      errno = 0
    }
    guard errno == 0 else { throw Self.unreadable(path) }
    entries.sort { precedesInBytes($0.name, $1.name) }
    hidden.sort(by: precedesInBytes)
    badNames.sort(by: precedesInBytes)
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<CChar>, _ kind: Entry.Kind) {
    let bytes = UnsafeRawBufferPointer(bytes)
    if bytes.elementsEqual([dot]) || bytes.elementsEqual([dot, dot]) { return }
    guard let name = String(validating: bytes, as: UTF8.self) else {
      return badNames.append(Self.escaped(Array(bytes)))
    }
    if bytes.first == dot || kind != .file && Self.leftBehind.contains(name) {
      hidden.append(name)
    } else {
      entries.append(Entry(name: name, kind: kind))
    }
  }

  /// Of archives made by macOS, of a Synology's and of Windows' drives: they hold copies of names,
  /// thumbnails, and what was deleted.
  private static let leftBehind: Set = [
    "__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information",
  ]

  private static func unreadable(_ path: String) -> BalanceError {
    BalanceError(
      .noInput, "the folder cannot be read (\(String(cString: strerror(errno))))", at: path,
      remedy: "check the path and its permissions")
  }

  /// The valid parts as they are; names that differ stay different.
  private static func escaped(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while let byte = rest.first {
      let longest = (1...4).last {
        $0 <= rest.count && String(validating: rest.prefix($0), as: UTF8.self) != nil
      }
      if let longest {
        text += String(decoding: rest.prefix(longest), as: UTF8.self)
        rest = rest.dropFirst(longest)
      } else {
        text += "\\x" + String(byte, radix: 16, uppercase: true)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// - Complexity: no system call for what the folder itself says to be a file or a folder.
  func place(of entry: Entry, in path: String) -> Place {
    switch entry.kind {
    case .file: return .file
    case .folder: return .folder
    case .link, .unknown:
      var status = stat()
      guard stat(path.appendingPath(entry.name), &status) == 0 else { return .nowhere(errno) }
      return switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .special
      }
    }
  }

  /// The folders among the entries, links to folders included.
  func folders(in path: String) -> [String] {
    entries.filter {
      if case .folder = place(of: $0, in: path) { true } else { false }
    }.map(\.name)
  }
}

private let dot = UInt8(ascii: ".")
