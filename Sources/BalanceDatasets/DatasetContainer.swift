import BalanceCore

/// The folder in which a dataset really begins: its own, or one below it where each on the way
/// holds one folder and no table (`archive/flowers/CLASS`). Images beside that folder are of no
/// class either way, but where images lie in it, it is a class.
struct DatasetContainer {
  /// Relative to the dataset's root; empty for the root itself.
  private(set) var path = ""
  /// The names of the folders in it.
  private(set) var folders: [String]
  /// The names of everything else in it.
  private(set) var files: [String]

  var tables: [String] { files.filter(DatasetSource.isTable) }

  /// - Throws: `BalanceError` with code `noInput` where the root cannot be read.
  init(_ confinement: Confinement) throws(BalanceError) {
    (folders, files) = try Self.contents("", confinement)
    while let inner = wrapped(confinement) {
      path = path.appendingPath(folders[0])
      (folders, files) = inner
    }
  }

  /// What is in the only folder, where that is not itself a class or a part of a split.
  private func wrapped(_ confinement: Confinement) -> (folders: [String], files: [String])? {
    guard folders.count == 1, tables.isEmpty, SplitRole.naming(folders: folders) == [nil] else {
      return nil
    }
    return Self.folders(in: path.appendingPath(folders[0]), confinement)
  }

  /// The only folder in a folder, where it holds folders and neither holds images.
  static func wrapped(_ path: String, _ confinement: Confinement) -> String? {
    guard let outer = try? contents(path, confinement), outer.folders.count == 1,
      !outer.files.contains(where: isImage),
      folders(in: path.appendingPath(outer.folders[0]), confinement) != nil
    else { return nil }
    return outer.folders[0]
  }

  /// What is in a folder; nil where that is no folder, or images.
  private static func folders(in path: String, _ confinement: Confinement)
    -> (folders: [String], files: [String])?
  {
    guard confinement.contains(real: path) == true,
      let inner = try? contents(path, confinement), !inner.folders.isEmpty,
      !inner.files.contains(where: isImage)
    else { return nil }
    return inner
  }

  static func contents(_ path: String, _ confinement: Confinement) throws(BalanceError)
    -> (folders: [String], files: [String])
  {
    let place = confinement.absolute(path)
    let entries = try FolderEntries(place)
    let folders = entries.folders(in: place)
    let names = Set(folders.map { ByteKey($0) })
    return (folders, entries.entries.map(\.name).filter { !names.contains(ByteKey($0)) })
  }

  private static func isImage(_ name: String) -> Bool {
    let ending = FileEnding(name)
    return ending == .image || ending == .unsupported
  }
}
