import BalanceCore
import BalanceImages
import Foundation

/// The options with which a table that nobody chose can probably be read.
struct TableGuess {
  private let table: String
  private let root: String
  private var columns: [String] = []
  private var options = "--image-column … --label-column …"

  /// - Parameter container: the folder with the table, and with the folders that images may be in.
  init(_ name: String, in container: DatasetContainer, root: String) {
    let table = container.path.appendingPath(name)
    let folders = [container.path] + container.folders.map { container.path.appendingPath($0) }
    self.table = table
    self.root = root
    guard var reader = try? CSVReader(URL(fileURLWithPath: root.appendingPath(table)), name: table),
      let header = try? TableColumns(&reader)
    else { return }
    columns = header.names
    if let image = Self.image(columns, root: root, folders: folders) {
      // The first line is a row already.
      let isPair = columns.count == 2
      columns = columns.indices.map {
        $0 == image.column ? "image" : isPair ? "label" : "column\($0 + 1)"
      }
      options = "--columns \(columns.joined(separator: ",")) "
      choose(image)
      return
    }
    guard (try? reader.next()) == true, reader.fieldCount == columns.count else { return }
    let values = columns.indices.map { reader.field($0) ?? "" }
    guard let image = Self.image(values, root: root, folders: folders) else { return }
    options = ""
    choose(image)
  }

  private mutating func choose(_ image: (column: Int, folder: String, suffix: String)) {
    options += "--image-column \(ShellText.word(columns[image.column]))"
    if !image.folder.isEmpty { options += " --image-root \(ShellText.word(image.folder))" }
    if !image.suffix.isEmpty { options += " --image-suffix \(image.suffix)" }
    let others = columns.indices.filter { $0 != image.column }
    options += " --label-column \(others.count == 1 ? ShellText.word(columns[others[0]]) : "…")"
  }

  /// The error of code `usage` that asks for these options.
  ///
  /// - Parameter beside: what else is there, as it follows "holds the table '…', ".
  func error(_ beside: String) -> BalanceError {
    let list = columns.isEmpty ? "" : "; its columns are: \(columns.joined(separator: ", "))"
    return BalanceError(
      .usage, "holds the table '\(table)', \(beside)", at: root,
      remedy: "choose its columns with --csv \(ShellText.word(table)) \(options)\(list)")
  }

  /// The first column whose value in the first row leads to a file.
  static func image(_ values: [String], root: String, folders: [String])
    -> (column: Int, folder: String, suffix: String)?
  {
    let suffixes = [""] + ImageFormat.endings.map { "." + $0 }
    for (column, value) in values.enumerated() where !value.isEmpty && !value.utf8.contains(0) {
      for folder in folders {
        for suffix in suffixes {
          let path = root.appendingPath(folder.appendingPath(value + suffix))
          var status = stat()
          if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            return (column, folder, suffix)
          }
        }
      }
    }
    return nil
  }
}
