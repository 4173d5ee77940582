public import BalanceCore

/// One training run as a comparison takes it: what it was, and what it said of the images that it
/// never saw.
public struct ComparedRun: Sendable {
  public var record: RunRecord
  /// Predictions for the test split. All runs of a comparison are asked the same images.
  public var test: PredictionTable
  /// Predictions for the validation split, or nil where the dataset has none. The winner is
  /// chosen on these, so that the test images stay untouched by the choice.
  public var validation: PredictionTable?

  public init(record: RunRecord, test: PredictionTable, validation: PredictionTable?) {
    self.record = record
    self.test = test
    self.validation = validation
  }
}
