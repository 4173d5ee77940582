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
    let tables = entries.entries.map(\.name).filter {
      ["csv", "tsv"].contains(($0 as NSString).pathExtension.lowercased())
    }
    let known = tables.compactMap { KnownTable.source(file: $0, root: root, folders: folders) }
    if known.count == 1, tables.count == 1 { return .csv(known[0]) }

    let roles = folders.compactMap { SplitRole(naming: $0) }
    let areAllRoles = roles.count == folders.count && !roles.isEmpty
    if Set(roles).count >= 2 && roles.contains(.train) || areAllRoles {
      for name in folders where SplitRole(naming: name) != nil {
        let path = root.path + "/" + name
        if try !FolderEntries(path).folders(in: path).isEmpty { return .splitFolders }
      }
    }
    if let table = tables.first, folders.count <= 1 {
      var columns = ""
      if var reader = try? CSVReader(root.appendingPathComponent(table), name: table),
        let header = try? TableColumns(&reader)
      {
        columns = "; its columns are: \(header.names.joined(separator: ", "))"
      }
      throw BalanceError(
        .usage, "holds the table '\(table)', and no folder per class", at: root.path,
        remedy: "choose its columns with --csv \(table) --image-column … --label-column …\(columns)"
      )
    }
    guard !folders.isEmpty else {
      throw BalanceError(
        .data, "the dataset is empty: no folder of images per class, and no table", at: root.path,
        remedy: "put a folder of images per class into it, or choose a table with --csv")
    }
    return .folderPerClass
  }
}

/// Tables whose columns are known from their names, so that nobody has to choose them.
enum KnownTable {
  /// The source for a table of a known form; nil where the form is not known, or where its images
  /// are not in exactly one place.
  static func source(file: String, root: URL, folders: [String]) -> CSVSource? {
    guard var reader = try? CSVReader(root.appendingPathComponent(file), name: file),
      let columns = try? TableColumns(&reader).names
    else { return nil }
    // HAM10000's metadata: https://doi.org/10.1038/sdata.2018.161
    if file == "HAM10000_metadata.csv" || file == "HAM10000_metadata",
      Set(["lesion_id", "image_id", "dx"]).isSubset(of: columns),
      let image = columns.firstIndex(of: "image_id"), (try? reader.next()) == true,
      image < reader.fieldCount, let name = reader.field(image)
    {
      let places = folders.filter { folder in
        access(root.appendingPathComponent("\(folder)/\(name).jpg").path, F_OK) == 0
      }
      guard places.count == 1 else { return nil }
      return CSVSource(
        file: file, imageColumn: "image_id", imageRoot: places[0], imageSuffix: ".jpg",
        labelColumns: ["dx"], groupColumn: "lesion_id")
    }
    return nil
  }
}
