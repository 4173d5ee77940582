import BalanceCore

/// The names of a table's columns. Names of columns are in their canonical form, as are those asked
/// for.
struct TableColumns {
  let names: [String]
  /// Whether they are in the table's first line.
  let areHeader: Bool
  private let table: String

  /// - Parameter given: the names of a table without a header; nil reads the first record as one.
  /// - Throws: `BalanceError` with code `data` where the table is empty or not UTF-8.
  init(_ reader: inout CSVReader, given: [String]? = nil) throws(BalanceError) {
    table = reader.name
    areHeader = given == nil
    if let given {
      names = given.map { CanonicalName($0)?.text ?? "" }
      return
    }
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
      names.append(CanonicalName(name)?.text ?? "")
    }
    self.names = names
  }

  /// - Throws: `BalanceError` with code `usage`, with the columns there are, and which was meant.
  func position(of name: String) throws(BalanceError) -> Int {
    let name = CanonicalName(name)?.text ?? name
    let found = names.indices.filter { names[$0] == name }
    if found.count == 1 { return found[0] }
    let list = names.joined(separator: ", ")
    guard found.isEmpty else {
      throw BalanceError(
        .usage, "the column '\(name)' is there \(found.count) times", at: table,
        remedy: "rename the columns so that each is there once")
    }
    let meant = Suggestion.nearest(to: name, in: names).map { ": did you mean '\($0)'?" } ?? ""
    let isRow = areHeader && names.contains { FileEnding($0) == .image }
    throw BalanceError(
      .usage, "there is no column '\(name)'\(meant)", at: table,
      remedy: "the columns are: \(list)"
        + (isRow ? "; where these are no names, give them with --columns" : ""))
  }
}
