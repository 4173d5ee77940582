/// How far a run is: what `Trainer.run` counts. It is between optimizer steps only.
public struct LoopPosition: Codable, Hashable, Sendable {
  /// Optimizer steps that are done, over all epochs.
  public internal(set) var step = 0
  /// The epoch of the next batch, from 0.
  public internal(set) var epoch = 0
  /// Batches of the epoch that are done.
  public internal(set) var batch = 0
  /// Whether there is nothing more to train.
  public internal(set) var isOver = false
  /// Of the first step and of the last one; nil before the first.
  private var firstLoss: Double?
  private var lastLoss: Double?
  /// Of the epoch so far: Σ loss · weight over its batches, and Σ weight.
  var lossSum = 0.0
  var weightSum = 0.0
  /// Of the last step; 0 before the first.
  var learningRate = 0.0
  /// Wall-clock seconds that the run has taken, without those between its parts.
  public internal(set) var seconds = 0.0
  /// Steps at which the run went on after an interruption.
  public internal(set) var resumedAt: [Int] = []

  mutating func note(loss: Double) {
    firstLoss = firstLoss ?? loss
    lastLoss = loss
  }

  /// Whether the loss is several times what it was at the beginning: no moment for a checkpoint.
  var isDiverging: Bool {
    guard let firstLoss, let lastLoss else { return false }
    return !(lastLoss <= 5 * max(firstLoss, 1))
  }

  /// Goes to the beginning of the next epoch.
  mutating func nextEpoch() {
    epoch += 1
    batch = 0
    lossSum = 0
    weightSum = 0
  }
}
