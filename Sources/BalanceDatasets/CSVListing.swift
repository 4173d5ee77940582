import BalanceCore
import Foundation

/// Lists the images that a table names.
struct CSVListing {
  private let source: CSVSource
  private let confinement: Confinement
  /// The table that is read, and the part of a split that it stands for.
  private var tableName: String
  private var tableRole: SplitRole?
  var listing = Listing()
  /// Where in which table each candidate is.
  private(set) var lines: [(table: String, line: Int)] = []
  private let roots: [(folder: String, role: SplitRole?)]
  private var splitWords = SplitWords()
  private var classSpellings = NameSpellings()
  private var groupSpellings = NameSpellings()
  /// What the folders that rows name are called below the root, with links resolved and without;
  /// nil where they are outside.
  private var folders: [ByteKey: (path: String, real: String)?] = [:]
  /// The files that rows name, by every path that they have.
  private var named: Set<ByteKey> = []

  /// - Throws: `BalanceError`, `noInput` where the table cannot be read, `usage` where a column is
  ///   not there, `data` where the text is not CSV.
  static func list(
    _ source: CSVSource, _ confinement: Confinement, threads: Int
  ) throws(BalanceError) -> Listing {
    var listing = CSVListing(source: source, confinement: confinement)
    try listing.readTables()
    listing.mergeRepeats()
    FileStatus.resolve(&listing.listing, in: confinement, threads: threads)
    listing.listing.problems += [
      listing.classSpellings.problem(.spellings, of: "class"),
      listing.groupSpellings.problem(.groupSpellings, of: "group"),
    ].compactMap { $0 }
    listing.countUnnamed()
    return listing.listing
  }

  private init(source: CSVSource, confinement: Confinement) {
    self.source = source
    self.confinement = confinement
    tableName = source.file
    let roles = source.rootRoles
    let folders = source.imageRoots.isEmpty ? [""] : source.imageRoots
    roots = folders.enumerated().map { ($1, roles?[$0]) }
  }

  private mutating func readTables() throws(BalanceError) {
    guard !source.labelColumns.isEmpty else {
      throw BalanceError(
        .usage, "no column for the class is chosen", at: tableName,
        remedy: "choose one or more with --label-column")
    }
    let roles = source.fileRoles
    for (number, file) in source.files.enumerated() {
      tableName = file
      tableRole = roles?[number]
      try readTable()
    }
    if let name = source.splitColumn {
      try splitWords.validate(column: name, table: source.files.joined(separator: ", "))
    }
  }

  private mutating func readTable() throws(BalanceError) {
    var reader = try CSVReader(
      URL(fileURLWithPath: confinement.absolute(tableName)), name: tableName,
      delimiter: source.delimiter, fields: source.columns?.count)
    let header = try TableColumns(&reader, given: source.columns)
    let columns = try UsedColumns(source, in: header)
    while try reader.next() {
      guard reader.fieldCount == header.names.count else {
        problem(
          reader.line, .raggedRow,
          "\(header.names.count) fields expected, as in \(header.areHeader ? "the header" : "--columns"), "
            + "\(reader.fieldCount) found",
          "mend the row")
        continue
      }
      addRow(&reader, columns)
    }
  }

  private mutating func addRow(_ reader: inout CSVReader, _ columns: UsedColumns) {
    let line = reader.line
    for column in columns.all {
      guard let value = reader.field(column) else {
        return problem(line, .badEncoding, "a value is not UTF-8", "save the table as UTF-8")
      }
      guard !value.utf8.contains(0) else {
        return problem(line, .badEncoding, "a value holds a NUL character", "mend the row")
      }
    }
    var role = columns.split.flatMap { splitWords.role(reader.field($0) ?? "") }
    guard let image = reader.field(columns.image), !image.isEmpty else {
      return problem(
        line, .missingValue, "the image column '\(source.imageColumn)' is empty",
        "fill in the value or remove the row")
    }
    guard let (path, root) = file(image, line) else { return }
    role = role ?? root ?? tableRole
    guard !path.isEmpty else {
      return problem(
        line, .notAFile, "'\(image)' is the dataset's folder, not an image file",
        "name the image or remove the row")
    }
    let written = columns.labels.map { reader.field($0) ?? "" }
    let labels = written.compactMap { CanonicalName($0)?.text }
    guard labels.count == written.count else {
      return problem(
        line, .missingValue, "a label column is empty", "fill in the value or remove the row")
    }
    let label = CompositeLabel.joined(labels)
    classSpellings.add(CompositeLabel.joined(written), for: label)
    let group = columns.group.flatMap { reader.field($0) }
    let groupName = group.flatMap { CanonicalName($0)?.text }
    if let group, let groupName { groupSpellings.add(group, for: groupName) }
    listing.candidates.append(Candidate(path: path, label: label, group: groupName, role: role))
    lines.append((tableName, line))
  }

  /// The file that the image column's value means, relative to the root, with the part of a split
  /// that its image root stands for; nil where there is none or more than one, or it leads out,
  /// which is then recorded.
  private mutating func file(_ written: String, _ line: Int) -> (path: String, role: SplitRole?)? {
    let suffix = source.imageSuffix ?? ""
    let image = withoutBlanks(written)
    let paths = roots.map { ($0.folder.isEmpty ? "" : $0.folder + "/") + image + suffix }
    // An absolute path needs no folder in front, but some tables mean `/a.png` to be below one.
    if image.isAbsolutePath, let path = place(of: image + suffix) { return (path, nil) }
    if paths.count == 1 {
      if let path = place(of: paths[0]) { return (path, nil) }
      let isThere = confinement.contains(real: paths[0].pathFolder) != nil
      listing.problems.append(
        isThere ? FileStatus.outside(paths[0]) : FileStatus.missing(paths[0], ENOENT))
      return nil
    }
    var found: [(path: String, role: SplitRole?)] = []
    for (path, root) in zip(paths, roots) where isFile(path) {
      if let place = place(of: path) { found.append((place, root.role)) }
    }
    if found.count == 1 { return found[0] }
    let list = roots.map { "'\($0.folder)'" }.joined(separator: ", ")
    if found.isEmpty {
      problem(
        line, .missing, "'\(image + suffix)' is in none of the folders \(list)",
        "restore the file, remove its row, or check --image-root and --image-suffix")
    } else {
      problem(
        line, .ambiguousFile, "'\(image + suffix)' is in \(found.count) of the folders \(list)",
        "remove one of the files, or write the folder into the image column")
    }
    return nil
  }

  /// Blanks belong to a field, but a list with a blank behind each comma does not mean them.
  private func withoutBlanks(_ image: String) -> String {
    guard image.utf8.first == 0x20 || image.utf8.last == 0x20 else { return image }
    let bytes = image.utf8.drop { $0 == 0x20 }
    let end = bytes.lastIndex { $0 != 0x20 }.map { bytes.index(after: $0) } ?? bytes.startIndex
    let isMeant = roots.contains {
      isFile($0.folder.appendingPath(image) + (source.imageSuffix ?? ""))
    }
    return isMeant ? image : String(Substring(bytes[..<end]))
  }

  private func isFile(_ path: String) -> Bool { access(confinement.absolute(path), F_OK) == 0 }

  /// A row's path relative to the root; nil where it leads out. Links in its folder are followed,
  /// once a folder.
  private mutating func place(of path: String) -> String? {
    let name = path.lastPathPart
    if ["", ".", ".."].contains(name) { return confinement.relative(folder: path) }
    let parent = path.pathFolder
    let folder = parent.isEmpty && path.isAbsolutePath ? "/" : parent
    let known = folders[ByteKey(folder)]
    let found =
      known
      ?? confinement.relative(folder: folder).map { ($0, confinement.real(folder: $0) ?? $0) }
    if known == nil { folders[ByteKey(folder)] = .some(found) }
    guard let found else { return nil }
    named.insert(ByteKey(found.real.appendingPath(name)))
    let place = found.path.appendingPath(name)
    named.insert(ByteKey(place))
    return place
  }

  /// Counts what lies in the dataset and is not named by the table.
  private mutating func countUnnamed() {
    var walk = FolderWalk(confinement, isPeeking: false, isFollowing: false)
    walk.accounted = named
    for file in source.files {
      let table = confinement.relative(folder: file.pathFolder) ?? ""
      walk.accounted.insert(ByteKey(table.appendingPath(file.lastPathPart)))
    }
    walk.walk("")
    for image in walk.images { walk.ignored.add(image, as: IgnoredTally.unnamed) }
    for problem in walk.problems {
      if problem.kind == .unsupported {
        walk.ignored.add(problem.path)
      } else {
        listing.problems.append(problem)
      }
    }
    listing.ignored = walk.ignored
  }

  private mutating func problem(
    _ line: Int, _ kind: ProblemKind, _ message: String, _ remedy: String
  ) {
    listing.problems.append(
      ProblemRecord(path: "\(tableName):\(line)", kind: kind, message: message, remedy: remedy))
  }
}
