import BalanceCore
import BalanceImages
import Foundation

/// The options with which a table that nobody chose can probably be read.
struct TableGuess {
  private let table: String
  private let root: String
  private var columns: [String] = []
  private var options = "--image-column … --label-column …"
  /// The folders in which the images of the first rows are.
  private var places: [String] = []
  /// Whether a row says the name of the folder that its image is in.
  private var namesFolders = false

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
      places = [image.folder]
      choose(image)
      return
    }
    guard (try? reader.next()) == true, reader.fieldCount == columns.count else { return }
    let values = columns.indices.map { reader.field($0) ?? "" }
    guard let image = Self.image(values, root: root, folders: folders) else { return }
    options = ""
    note(values, in: image.folder)
    for _ in 0..<Self.sampled where (try? reader.next()) == true {
      guard reader.fieldCount == columns.count else { continue }
      let values = columns.indices.map { reader.field($0) ?? "" }
      let found = Self.image([values[image.column]], root: root, folders: folders)
      if let found { note(values, in: found.folder) }
    }
    choose(image)
  }

  private mutating func note(_ row: [String], in folder: String) {
    if !places.contains(folder) { places.append(folder) }
    let name = CanonicalName(folder.lastPathPart)?.likeness
    namesFolders =
      namesFolders
      || row.contains { $0.pathParts.contains { CanonicalName($0)?.likeness == name } }
  }

  /// That folders which are taken for classes are hardly any; nil where nothing speaks for it.
  var doubt: ProblemRecord? {
    guard places.count > 1, !namesFolders else { return nil }
    return ProblemRecord(
      path: table, kind: .classesInTable,
      message: "the table '\(table)' names images in \(places.count) folders, such as "
        + "'\(places[0])', which are taken for classes",
      remedy: "if the classes are in it, read it with \(choice)")
  }

  /// The options that read it, as far as they can be told.
  var choice: String { "--csv \(ShellText.word(table)) \(options)" }

  /// Rows that are looked at.
  private static let sampled = 200

  private mutating func choose(_ image: (column: Int, folder: String, suffix: String)) {
    options += "--image-column \(ShellText.word(columns[image.column]))"
    for place in places where places.count > 1 || !place.isEmpty {
      options += " --image-root \(ShellText.word(place.isEmpty ? "." : place))"
    }
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
      remedy: "choose its columns with \(choice)\(list)")
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
