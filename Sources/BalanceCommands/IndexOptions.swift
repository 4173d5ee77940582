import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceTraining
import Foundation

/// Where a dataset's index is, and how its folders or its table are read.
struct IndexOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the index is kept, instead of DATASET/.balance/index.sqlite.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var index: String?

  @Flag(
    help: ArgumentHelp(
      "Find out how the dataset is read, and forget what was chosen before: --class-depth, "
        + "--pattern, --group-pattern, --csv."))
  var detect = false

  private static let folders = "Images in folders"
  private static let tables = "Images named by a table"
  /// What help calls the options that say how a dataset is read.
  static let readingSections: Set = [folders, tables]

  @OptionGroup(title: IndexOptions.folders) var layout: LayoutOptions

  @OptionGroup(title: IndexOptions.tables) var table: TableOptions

  var location: URL? { index.map { URL(fileURLWithPath: $0) } }

  var isGiven: Bool {
    index != nil || detect || layout.isGiven || !table.csv.isEmpty || table.allowOutsideRoot != nil
  }

  func validate() throws {
    let chosen: [(String, Bool)] = [
      ("--csv", !table.csv.isEmpty), ("--pattern", !layout.pattern.isEmpty),
      ("--class-depth", layout.classDepth != nil),
    ]
    if detect, let option = chosen.first(where: \.1)?.0 {
      throw ValidationError("--detect finds out how the dataset is read: leave \(option) out.")
    }
    if !table.csv.isEmpty, layout.classDepth != nil || !layout.pattern.isEmpty {
      let other = layout.pattern.isEmpty ? "--class-depth" : "--pattern"
      throw ValidationError("--csv takes the classes from a table: leave \(other) out.")
    }
    if table.groupColumn != nil, layout.groupPattern != nil {
      throw ValidationError("--group-column and --group-pattern both name groups: give one.")
    }
  }

  /// What the options choose; nil where they leave it to the index, or to what is found.
  func source(root: URL) throws(BalanceError) -> DatasetSource? {
    if detect { return try .detect(root: root) }
    if let table = try table.source(root: root) { return .csv(table) }
    return try layout.source(root: root)
  }

  /// Opens a dataset's index and brings it up to date, wherever it can be kept.
  ///
  /// - Parameter usual: where it is kept if the options do not say.
  func prepare(
    _ dataset: URL, elsewhere usual: URL? = nil, threads: Int, progress: any ProgressReporter
  ) throws(BalanceError) -> DatasetIndex {
    try DatasetIndex.prepare(
      root: dataset, at: location ?? usual, source: try source(root: dataset),
      groups: try layout.groups(),
      allowOutsideRoot: table.allowOutsideRoot, threads: threads, progress: progress)
  }
}
