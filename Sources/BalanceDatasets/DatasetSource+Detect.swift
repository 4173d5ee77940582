public import BalanceCore
public import Foundation

extension DatasetSource {
  /// Finds out what kind of dataset a folder is, where that is beyond doubt.
  ///
  /// A table is taken only if it is one of a known form (see `KnownTable`) or tells the classes of
  /// all images in split folders that hold no folders (see `FlatSplitTable`); split folders only if
  /// their names and depth say so; everything else with at least one folder is a folder per class.
  /// A folder that holds nothing but one folder is looked through.
  ///
  /// - Parameter classDepth: which folder below the root, or below the split folder, names the
  ///   class, from 1; a table beside the folders is then passed over. Nil finds it out.
  /// - Throws: `BalanceError`: `noInput` where the folder cannot be read, `data` where it holds
  ///   neither folders nor a known table, `usage` where a table lies beside the images and the
  ///   columns must be chosen, or the depth is less than 1.
  public static func detect(root: URL, classDepth: Int? = nil) throws(BalanceError)
    -> DatasetSource
  {
    if let classDepth, classDepth < 1 {
      throw BalanceError(
        .usage, "the class folders cannot lie \(classDepth) folders deep", at: "--class-depth",
        remedy: "give 1 for the folders in the dataset's (or the split's) folder, 2 for those in "
          + "them")
    }
    let root = try DatasetIndex.resolvedRoot(root)
    let confinement = Confinement(root: root.path, allowsOutside: false)
    let container = try DatasetContainer(confinement)
    let folders = container.folders
    let tables = classDepth == nil ? container.tables : []
    let known = tables.compactMap { KnownTable.source(file: $0, in: container, root: root) }
    if known.count == 1, tables.count == 1 { return .csv(known[0]) }

    if FolderLayout.roles(in: container, confinement) != nil {
      let layout = FolderLayout.split(in: container, confinement, classDepth: classDepth)
      let hasClasses = layout.parts.contains {
        !FolderLayout.classFolders($0.path, confinement).isEmpty
      }
      if hasClasses { return DatasetSource(SplitFolders(classDepth: classDepth)) }
      if tables.count == 1,
        let source = FlatSplitTable.source(file: tables[0], in: container, layout, root: root)
      {
        return .csv(source)
      }
      if let table = tables.first(where: { $0.lowercased().contains("train") }) ?? tables.first {
        throw TableGuess(table, in: container, root: root.path).error(
          "and split folders (\(folders.joined(separator: ", "))) without a folder per class")
      }
    }
    if let table = tables.first, folders.count <= 1 {
      throw TableGuess(table, in: container, root: root.path).error("and no folder per class")
    }
    guard !folders.isEmpty else {
      let hasImages = container.files.contains { FileEnding($0) == .image }
      let found = hasImages ? "its images are of no class" : "the dataset is empty"
      throw BalanceError(
        .data, "\(found): no folder of images per class, and no table", at: root.path,
        remedy: "put a folder of images per class into it, or choose a table with --csv")
    }
    return DatasetSource(ClassFolders(classDepth: classDepth))
  }

  /// Whether a file's name is that of a table.
  static func isTable(_ name: String) -> Bool {
    FileEnding.ending(of: name).map { $0 == "csv" || $0 == "tsv" } ?? false
  }
}
