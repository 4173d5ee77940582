import BalanceCore
import Foundation

/// Lists the images that a table names.
struct CSVListing {
  private let source: CSVSource
  private let confinement: Confinement
  private let tableName: String
  private var listing = Listing()
  private var lines: [Int] = []
  private var checkedFolders: [String: Bool] = [:]

  /// - Throws: `BalanceError`, `noInput` where the table cannot be read, `usage` where a column is
  ///   not there, `data` where the text is not CSV.
  static func list(
    _ source: CSVSource, _ confinement: Confinement, threads: Int
  ) throws(BalanceError) -> Listing {
    var listing = CSVListing(source: source, confinement: confinement)
    try listing.readTable()
    listing.mergeRepeats()
    FileStatus.resolve(&listing.listing, in: confinement, threads: threads)
    return listing.listing
  }

  private init(source: CSVSource, confinement: Confinement) {
    self.source = source
    self.confinement = confinement
    tableName = source.file
  }

  private mutating func readTable() throws(BalanceError) {
    guard !source.labelColumns.isEmpty else {
      throw BalanceError(
        .usage, "no column for the class is chosen", at: tableName,
        remedy: "choose one or more with --label-column")
    }
    var reader = try CSVReader(
      URL(fileURLWithPath: confinement.absolute(source.file)), name: tableName)
    let columns = try TableColumns(&reader)
    let image = try columns.position(of: source.imageColumn)
    var labels: [Int] = []
    for column in source.labelColumns { labels.append(try columns.position(of: column)) }
    let group = try source.groupColumn.map { name throws(BalanceError) in
      try columns.position(of: name)
    }
    let split = try source.splitColumn.map { name throws(BalanceError) in
      try columns.position(of: name)
    }
    while try reader.next() {
      guard reader.fieldCount == columns.names.count else {
        problem(
          reader.line, .raggedRow,
          "\(columns.names.count) fields expected, as in the header, \(reader.fieldCount) found",
          "mend the row")
        continue
      }
      addRow(&reader, image: image, labels: labels, group: group, split: split)
    }
  }

  private mutating func addRow(
    _ reader: inout CSVReader, image: Int, labels: [Int], group: Int?, split: Int?
  ) {
    let line = reader.line
    var values: [String] = []
    for column in [image] + labels {
      guard let value = reader.field(column) else {
        return problem(line, .badEncoding, "a value is not UTF-8", "save the table as UTF-8")
      }
      guard !value.isEmpty else {
        return problem(
          line, .missingValue,
          column == image
            ? "the image column '\(source.imageColumn)' is empty" : "a label column is empty",
          "fill in the value or remove the row")
      }
      values.append(value)
    }
    var role: SplitRole?
    if let split, let word = reader.field(split), !word.isEmpty {
      role = SplitRole(naming: word)
      if role == nil {
        problem(
          line, .unknownSplit, "'\(word)' is neither train nor val nor test",
          "write train, val or test; the image is in no split until then")
      }
    }
    let given =
      (source.imageRoot.map { $0 + "/" } ?? "") + values[0] + (source.imageSuffix ?? "")
    guard confinement.accepts(path: given) else {
      listing.problems.append(FileStatus.outside(given))
      return
    }
    let path = confinement.relative(given)
    guard isInside(path) else {
      listing.problems.append(FileStatus.outside(path))
      return
    }
    let groupName = group.flatMap { reader.field($0) }.flatMap { $0.isEmpty ? nil : $0 }
    listing.candidates.append(
      Candidate(
        path: path, label: values.dropFirst().joined(separator: "+"), group: groupName, role: role))
    lines.append(line)
  }

  /// Whether the folder of a path is inside the root, links resolved; asked once a folder.
  private mutating func isInside(_ path: String) -> Bool {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    if let known = checkedFolders[folder] { return known }
    let inside = folder.isEmpty || confinement.contains(real: folder) != false
    checkedFolders[folder] = inside
    return inside
  }

  /// Sorts by path and keeps one of the rows that name the same file; where they disagree, none.
  private mutating func mergeRepeats() {
    let candidates = listing.candidates
    let order = candidates.indices.sorted {
      let order = compareBytes(candidates[$0].path, candidates[$1].path)
      return order == 0 ? $0 < $1 : order < 0
    }
    listing.candidates.removeAll(keepingCapacity: true)
    var start = 0
    while start < order.count {
      let first = candidates[order[start]]
      var end = start + 1
      while end < order.count, candidates[order[end]].path.utf8.elementsEqual(first.path.utf8) {
        end += 1
      }
      let rows = order[start..<end]
      let agree = rows.allSatisfy {
        candidates[$0].label == first.label && candidates[$0].group == first.group
          && candidates[$0].role == first.role
      }
      if agree { listing.candidates.append(first) }
      if rows.count > 1 {
        let places = rows.prefix(5).map { String(lines[$0]) }.joined(separator: ", ")
        listing.problems.append(
          ProblemRecord(
            path: first.path, kind: agree ? .repeatedRow : .conflictingRows,
            message: "lines \(places) of \(tableName) name the same file"
              + (agree ? "" : " with different classes, groups or splits"),
            remedy: agree ? "remove the repeats" : "keep the right row and remove the others"))
      }
      start = end
    }
  }

  private mutating func problem(
    _ line: Int, _ kind: ProblemKind, _ message: String, _ remedy: String
  ) {
    listing.problems.append(
      ProblemRecord(path: "\(tableName):\(line)", kind: kind, message: message, remedy: remedy))
  }
}

/// The header of a table.
struct TableColumns {
  let names: [String]
  private let table: String

  /// Reads the first record as the header.
  ///
  /// - Throws: `BalanceError` with code `data` where the table is empty or not UTF-8.
  init(_ reader: inout CSVReader) throws(BalanceError) {
    table = reader.name
    guard try reader.next() else {
      throw BalanceError(
        .data, "the table is empty", at: table, remedy: "the first line must name the columns")
    }
    var names: [String] = []
    for index in 0..<reader.fieldCount {
      guard let name = reader.field(index) else {
        throw BalanceError(
          .data, "the header is not UTF-8", at: table, remedy: "save the table as UTF-8")
      }
      names.append(name)
    }
    self.names = names
  }

  /// - Throws: `BalanceError` with code `usage`, with the columns there are, and which was meant.
  func position(of name: String) throws(BalanceError) -> Int {
    let found = names.indices.filter { names[$0] == name }
    if found.count == 1 { return found[0] }
    let list = names.joined(separator: ", ")
    guard found.isEmpty else {
      throw BalanceError(
        .usage, "the column '\(name)' is there \(found.count) times", at: table,
        remedy: "rename the columns so that each is there once")
    }
    let meant = Suggestion.nearest(to: name, in: names).map { ": did you mean '\($0)'?" } ?? ""
    throw BalanceError(
      .usage, "there is no column '\(name)'\(meant)", at: table,
      remedy: "the columns are: \(list)")
  }
}
