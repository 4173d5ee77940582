import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// Which columns of a table name images, classes, groups and roles.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A table with one row an image, in DATASET or elsewhere. May be repeated for tables of the "
        + "same columns; train.csv, val.csv and test.csv are then the split.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "txt"]))
  var csv: [String] = []

  @Option(
    help: ArgumentHelp(
      "The names of its columns, with commas between, where its first line is no header.",
      valueName: "names"))
  var columns: String?

  @Option(
    help: ArgumentHelp(
      "What is between its fields: comma, semicolon, tab, pipe or space (default: found out).",
      valueName: "name"))
  var delimiter: String?

  @Option(help: ArgumentHelp("The column with the image's file or name.", valueName: "column"))
  var imageColumn: String?

  @Option(
    help: ArgumentHelp(
      "The folder in DATASET that the images are in. May be repeated: each is looked into.",
      valueName: "folder"))
  var imageRoot: [String] = []

  @Option(
    help: ArgumentHelp("What follows the name in the image column (.jpg).", valueName: "suffix"))
  var imageSuffix: String?

  @Option(
    help: ArgumentHelp(
      "The column with the class; several are joined with +.", valueName: "column"))
  var labelColumn: [String] = []

  @Option(
    help: ArgumentHelp(
      "The column with the patient, lesion, … that must not be split.", valueName: "column"))
  var groupColumn: String?

  @Option(
    help: ArgumentHelp("The column that says train, val or test.", valueName: "column"))
  var splitColumn: String?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Let the table and links name files outside of DATASET, from now on.")
  var allowOutsideRoot: Bool?

  /// Options that need each other.
  func validate() throws {
    guard csv.isEmpty else {
      if imageColumn == nil { throw ValidationError("--csv needs --image-column.") }
      if labelColumn.isEmpty { throw ValidationError("--csv needs --label-column.") }
      return
    }
    let given: [(String, Bool)] = [
      ("--columns", columns != nil), ("--delimiter", delimiter != nil),
      ("--image-column", imageColumn != nil), ("--image-root", !imageRoot.isEmpty),
      ("--image-suffix", imageSuffix != nil), ("--group-column", groupColumn != nil),
      ("--split-column", splitColumn != nil), ("--label-column", !labelColumn.isEmpty),
    ]
    let orphan = given.first(where: \.1)?.0
    if let orphan { throw ValidationError("\(orphan) needs --csv FILE.") }
  }

  func source(root: URL) throws(BalanceError) -> CSVSource? {
    guard !csv.isEmpty, let imageColumn else { return nil }
    var files: [String] = []
    for file in csv { files.append(try place(of: file, root: root)) }
    var separator: TableDelimiter?
    if let delimiter { separator = try TableDelimiter(delimiter) }
    return CSVSource(
      file: files[0], moreFiles: files.count > 1 ? Array(files.dropFirst()) : nil,
      columns: columns?.splitBytes(at: ","),
      delimiter: separator, imageColumn: imageColumn, imageRoots: imageRoot,
      imageSuffix: imageSuffix, labelColumns: labelColumn, groupColumn: groupColumn,
      splitColumn: splitColumn)
  }

  /// The table as the index stores it: relative if it is in the dataset, with which it may move,
  /// otherwise absolute.
  private func place(of file: String, root: URL) throws(BalanceError) -> String {
    if !file.isAbsolutePath,
      FileManager.default.fileExists(atPath: root.appendingPathComponent(file).path)
    {
      return file
    }
    let absolute = URL(fileURLWithPath: file).standardizedFileURL.path
    let folder = URL(fileURLWithPath: root.path, isDirectory: true).standardizedFileURL.path + "/"
    guard FileManager.default.fileExists(atPath: absolute) else {
      throw BalanceError(
        .noInput, "the table is not there, neither in the dataset nor here", at: file,
        remedy: "check the path given with --csv")
    }
    return absolute.droppingBytePrefix(folder) ?? absolute
  }
}
