public import BalanceCore
public import Foundation

extension DatasetSource {
  /// Finds out what kind of dataset a folder is, where that is beyond doubt.
  ///
  /// A table is taken only if it is one of a known form (see `KnownTable`); split folders only if
  /// their names and depth say so; everything else with at least one folder is a folder per class.
  ///
  /// - Throws: `BalanceError`: `noInput` where the folder cannot be read, `data` where it holds
  ///   neither folders nor a known table, `usage` where a table lies beside the images and the
  ///   columns must be chosen.
  public static func detect(root: URL) throws(BalanceError) -> DatasetSource {
    let root = try DatasetIndex.resolvedRoot(root)
    let entries = try FolderEntries(root.path)
    let folders = entries.folders(in: root.path)
    let tables = entries.entries.map(\.name).filter(isTable)
    let known = tables.compactMap { KnownTable.source(file: $0, root: root, folders: folders) }
    if known.count == 1, tables.count == 1 { return .csv(known[0]) }

    let roles = folders.compactMap { SplitRole(naming: $0) }
    let areAllRoles = roles.count == folders.count && !roles.isEmpty
    if Set(roles).count >= 2 && roles.contains(.train) || areAllRoles {
      for name in folders where SplitRole(naming: name) != nil {
        let path = root.path.appendingPath(name)
        if try !FolderEntries(path).folders(in: path).isEmpty { return .splitFolders }
      }
      if let table = tables.first(where: { $0.lowercased().contains("train") }) ?? tables.first {
        throw TableGuess(table, root: root.path, folders: folders).error(
          "holds the table '\(table)', and split folders ("
            + "\(folders.joined(separator: ", "))) without a folder per class")
      }
    }
    if let table = tables.first, folders.count <= 1 {
      throw TableGuess(table, root: root.path, folders: folders).error(
        "holds the table '\(table)', and no folder per class")
    }
    guard !folders.isEmpty else {
      let hasImages = entries.entries.contains { FileEnding($0.name) == .image }
      let found = hasImages ? "its images are of no class" : "the dataset is empty"
      throw BalanceError(
        .data, "\(found): no folder of images per class, and no table", at: root.path,
        remedy: "put a folder of images per class into it, or choose a table with --csv")
    }
    return .folderPerClass
  }

  /// Whether a file's name is that of a table.
  static func isTable(_ name: String) -> Bool {
    FileEnding.ending(of: name).map { $0 == "csv" || $0 == "tsv" } ?? false
  }
}
