public import BalanceCore
public import Foundation

/// `predictions.csv`: columns `image`, `group` (where the dataset has groups), `truth`,
/// `predicted`, then one column `p:NAME` a class, in the order of the classes.
///
/// RFC 4180, UTF-8, lines end in LF. Truth and prediction are class names. Probabilities have as
/// many digits as it takes to read the same `Float` back.
extension PredictionTable {
  public var csv: Data {
    let k = classNames.count
    var text = CSVText.line(
      ["image"] + (groups == nil ? [] : ["group"]) + ["truth", "predicted"]
        + classNames.map { "p:" + $0 })
    for row in truth.indices {
      CSVText.append(images[row], to: &text)
      if let groups {
        text += ","
        CSVText.append(groups[row], to: &text)
      }
      text += ","
      CSVText.append(classNames[truth[row]], to: &text)
      text += ","
      CSVText.append(classNames[predicted[row]], to: &text)
      for c in 0..<k {
        text += ","
        text += probabilities[row * k + c].description
      }
      text += "\n"
    }
    return Data(text.utf8)
  }

  /// Reads what `csv` writes.
  ///
  /// - Parameter path: the file's name, for errors.
  /// - Throws: `BalanceError` with code `data`, naming the line: a header that differs, a row with
  ///   another number of fields, an unknown class, a probability that is no number in 0...1 or a
  ///   row of them whose sum is not 1 (± 0.01), a prediction that is not the class of the highest
  ///   probability, or no rows at all.
  public init(csv: Data, path: String) throws(BalanceError) {
    var reader = try CSVReader(csv, name: path)
    var predictions = PredictionReader(path: path)
    while let fields = try reader.nextFields() {
      try predictions.read(PredictionReader.Record(line: reader.line, fields: fields))
    }
    self = try predictions.table()
  }
}

/// Gathers the rows of a `predictions.csv`.
private struct PredictionReader {
  /// A row's fields, and the line of the file, from 1, that it starts on.
  struct Record {
    let line: Int
    let fields: [String]
  }

  let path: String
  var classNames: [String] = []
  var index: [ByteKey: Int] = [:]
  /// The same by canonical names.
  var forms: [ByteKey: Int] = [:]
  var images: [String] = []
  var groups: [String]?
  var truth: [Int] = []
  var predicted: [Int] = []
  var lines: [Int] = []
  var probabilities: [Float] = []
  /// Columns before the first probability; 0 until the header is read.
  var lead = 0

  init(path: String) { self.path = path }

  mutating func read(_ record: Record) throws(BalanceError) {
    if lead == 0 { try readHeader(record) } else { try readRow(record) }
  }

  private mutating func readHeader(_ record: Record) throws(BalanceError) {
    let grouped = record.fields.count > 1 && record.fields[1] == "group"
    let expected = grouped ? ["image", "group", "truth", "predicted"] : plainColumns
    lead = expected.count
    // By bytes: a class's name may begin with a combining mark.
    let names = record.fields.dropFirst(lead).map { $0.droppingBytePrefix("p:") }
    guard record.fields.starts(with: expected), !names.isEmpty,
      names.allSatisfy({ $0?.isEmpty == false })
    else {
      throw failure(
        record, "the header is not that of predictions",
        "expected columns image, group (optional), truth, predicted, then p:NAME a class")
    }
    classNames = names.compactMap { $0 }
    for (c, name) in classNames.enumerated() {
      guard index.updateValue(c, forKey: ByteKey(name)) == nil else {
        throw failure(record, "the class '\(name)' has two columns", "give each class one column")
      }
      forms[ByteKey(canonical(name))] = c
    }
    if grouped { groups = [] }
  }

  private mutating func readRow(_ record: Record) throws(BalanceError) {
    let fields = record.fields
    guard fields.count == lead + classNames.count else {
      throw failure(
        record, "\(fields.count) fields where the header has \(lead + classNames.count)",
        "give every row one field a column")
    }
    images.append(fields[0])
    if lead == 4 { groups?.append(fields[1]) }
    truth.append(try label(fields[lead - 2], record))
    predicted.append(try label(fields[lead - 1], record))
    lines.append(record.line)
    var sum: Float = 0
    for (c, field) in fields[lead...].enumerated() {
      guard let value = Float(field), value >= 0, value <= 1 else {
        throw failure(
          record, "the probability of '\(classNames[c])' is '\(field)'",
          "expected a number from 0 to 1")
      }
      probabilities.append(value)
      sum += value
    }
    guard abs(sum - 1) <= 0.01 else {
      throw failure(record, "the probabilities add up to \(sum)", "expected 1")
    }
  }

  private func canonical(_ name: String) -> String { CanonicalName(name)?.text ?? name }

  private func label(_ name: String, _ record: Record) throws(BalanceError) -> Int {
    // Other programs may write one name in several forms.
    guard let label = index[ByteKey(name)] ?? forms[ByteKey(canonical(name))] else {
      throw failure(
        record, Suggestion.unknown("class", name, among: classNames).what,
        "use the names after 'p:' in the header")
    }
    return label
  }

  func table() throws(BalanceError) -> PredictionTable {
    guard !truth.isEmpty else {
      throw BalanceError(.data, "has no predictions", at: path, remedy: "expected a row an image")
    }
    let table = PredictionTable(
      classNames: classNames, images: images, groups: groups, truth: truth,
      probabilities: probabilities)
    for (row, (said, highest)) in zip(predicted, table.predicted).enumerated()
    where said != highest {
      throw BalanceError(
        .data,
        "'\(classNames[said])' is predicted but '\(classNames[highest])' is the most probable",
        at: "\(path):\(lines[row])",
        remedy: "the prediction is the highest probability, the first of several equal ones")
    }
    return table
  }

  private func failure(_ record: Record, _ what: String, _ remedy: String) -> BalanceError {
    BalanceError(.data, what, at: "\(path):\(record.line)", remedy: remedy)
  }
}

private let plainColumns = ["image", "truth", "predicted"]
