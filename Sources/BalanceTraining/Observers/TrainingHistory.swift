import BalanceMetrics
import Foundation

/// One row an epoch: `history.csv`.
public final class TrainingHistory: TrainingObserver {
  public struct Row: Codable, Hashable, Sendable {
    /// From 1.
    public let epoch: Int
    public let steps: Int
    public let trainingLoss: Double
    public let learningRate: Double
    public let validationLoss: Double?
    public let validationAccuracy: Double?
    public let validationMacroF1: Double?
    /// Wall-clock seconds since the run began.
    public let seconds: Double
  }

  public private(set) var rows: [Row] = []
  private var steps = 0

  /// - Parameter rows: of the epochs that a resumed run has behind it.
  public init(rows: [Row] = []) { self.rows = rows }

  public func observe(_ event: TrainingEvent) {
    switch event {
    case .stepEnded(let event): steps = event.step + 1
    case .epochEnded(let event):
      rows.append(
        Row(
          epoch: event.epoch + 1, steps: steps, trainingLoss: event.loss,
          learningRate: event.learningRate,
          validationLoss: event.validation?.negativeLogLikelihood,
          validationAccuracy: event.validation?.accuracy,
          validationMacroF1: event.validation?.macro.f1, seconds: event.seconds))
    case .runBegan, .note, .epochBegan, .stopped, .runEnded: break
    }
  }

  /// Header and one line an epoch; fields without a value are empty.
  public var csv: String {
    var text = "epoch,steps,training loss,learning rate,validation loss,validation accuracy,"
    text += "validation macro F1,seconds\n"
    for row in rows {
      let seconds = (row.seconds * 1000).rounded() / 1000
      let validation = [row.validationLoss, row.validationAccuracy, row.validationMacroF1]
        .map { $0.map { "\($0)" } ?? "" }
      text += "\(row.epoch),\(row.steps),\(row.trainingLoss),\(row.learningRate),"
      text += validation.joined(separator: ",") + ",\(seconds)\n"
    }
    return text
  }
}
