import BalanceCore

/// Where in a record the columns are that a source uses.
struct UsedColumns {
  let image: Int
  let labels: [Int]
  let group: Int?
  let split: Int?

  var all: [Int] { [image] + labels + [group, split].compactMap { $0 } }

  /// - Throws: `BalanceError` with code `usage` for a column that is not there, or more than once.
  init(_ source: CSVSource, in header: TableColumns) throws(BalanceError) {
    image = try header.position(of: source.imageColumn)
    var labels: [Int] = []
    for column in source.labelColumns { labels.append(try header.position(of: column)) }
    self.labels = labels
    group = try source.groupColumn.map { name throws(BalanceError) in
      try header.position(of: name)
    }
    split = try source.splitColumn.map { name throws(BalanceError) in
      try header.position(of: name)
    }
  }
}
