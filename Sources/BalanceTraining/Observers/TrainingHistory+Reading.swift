public import BalanceCore
public import Foundation

extension TrainingHistory {
  /// The rows of a `history.csv`.
  ///
  /// - Parameter path: for errors.
  /// - Throws: `BalanceError` with code `data`, naming the line.
  public static func rows(csv: Data, path: String) throws(BalanceError) -> [Row] {
    var rows: [Row] = []
    var reader = try CSVReader(csv, name: path)
    guard try reader.next() else { return rows }
    while let fields = try reader.nextFields() {
      guard let row = Row(fields) else {
        throw BalanceError(
          .data, "is not a row of a history", at: "\(path):\(reader.line)",
          remedy: "train the run again")
      }
      rows.append(row)
    }
    return rows
  }
}

extension TrainingHistory.Row {
  /// Of epochs and steps: more than any run has, so that nothing that is computed from them
  /// overflows.
  private static var plausible: Range<Int> { 0..<1 << 48 }

  /// The fields of a line of `TrainingHistory.csv`; nil where they are not.
  fileprivate init?(_ fields: [String]) {
    guard fields.count == 8, let epoch = Int(fields[0]), let steps = Int(fields[1]),
      Self.plausible.contains(epoch), Self.plausible.contains(steps), let loss = Double(fields[2]),
      let rate = Double(fields[3]), let seconds = Double(fields[7])
    else { return nil }
    let validation = fields[4..<7].map(Double.init)
    guard zip(fields[4..<7], validation).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
    self.init(
      epoch: epoch, steps: steps, trainingLoss: loss, learningRate: rate,
      validationLoss: validation[0], validationAccuracy: validation[1],
      validationMacroF1: validation[2], seconds: seconds)
  }
}
