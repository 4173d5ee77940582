import BalanceCore
import Foundation

/// The rows of a table that somebody chose, or that is of a known form.
struct TableSource: ListingSource {
  static let kind = "csv"

  var columns: CSVSource

  /// As indices have it from the first version on.
  private enum CodingKeys: String, CodingKey { case columns = "_0" }

  var tables: [String] { columns.files }

  var splitOrigin: SplitOrigin? {
    if columns.splitColumn != nil { return .column }
    if columns.rootRoles != nil { return .folders }
    return columns.fileRoles != nil ? .column : nil
  }

  var namesGroups: Bool { columns.groupColumn != nil }

  var summary: String {
    func several(_ what: String, _ names: [String]) -> String {
      names.isEmpty ? "" : ", \(what) \(names.joined(separator: ", "))"
    }
    return columns.files.joined(separator: ", ")
      + (columns.fileRoles != nil ? ", which are the split" : "")
      + ", classes from \(columns.labelColumns.joined(separator: " + "))"
      + (columns.groupColumn.map { ", groups from \($0)" } ?? "")
      + (columns.splitColumn.map { ", split from \($0)" } ?? "")
      + several("columns called", columns.columns ?? [])
      + (columns.delimiter.map { ", delimiter \($0.rawValue)" } ?? "")
      + (columns.imageRoots.count > 1 ? several("images in", columns.imageRoots) : "")
      + (columns.rootRoles != nil ? ", which are the split" : "")
  }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try CSVListing.list(columns, confinement, threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    guard let first = listing.problems.first else {
      return BalanceError(
        .data, "the table has \(columns.columns == nil ? "a header and " : "")no rows",
        at: columns.file,
        remedy: "check that it is whole, and the right one")
    }
    return BalanceError(
      .data,
      "none of the files that the table names can be used: \(listing.problems.count) problems, "
        + "the first is \(first.path.debugDescription): \(first.message)",
      at: columns.file,
      remedy: Self.remedy(first))
  }

  private static func remedy(_ first: ProblemRecord) -> String {
    if first.kind == .raggedRow {
      return "check --delimiter, and --columns where there is no header"
    }
    guard first.kind == .missing else { return first.remedy }
    return first.path.contains("\\")
      ? "write the paths with / instead of \\"
      : "check --image-column, --image-root and --image-suffix"
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    for file in columns.files {
      let place = Confinement(root: root.path, allowsOutside: false).absolute(file)
      guard access(place, F_OK) == 0 || errno != ENOENT else {
        throw BalanceError(
          .noInput, "the table that the dataset's index was made of is gone", at: place,
          remedy: "put it back, choose another with --csv and its columns, or have the folders "
            + "read with --detect")
      }
    }
    return DatasetSource(self)
  }

  func moved(from old: String) -> TableSource {
    func inside(_ file: String) -> String { file.droppingBytePrefix(old + "/") ?? file }
    var moved = self
    moved.columns.file = inside(columns.file)
    moved.columns.moreFiles = columns.moreFiles?.map(inside)
    return moved
  }
}
