import BalanceCore
import Foundation

/// Saves the state of a run now and then, and when it is asked to stop.
final class CheckpointWriter: TrainingObserver {
  private let trainer: Trainer
  private let history: TrainingHistory
  private let writer: RunFolderWriter
  private var pacer: Pacer

  /// - Parameters:
  ///   - history: has seen each event before this observer.
  ///   - interval: seconds between checkpoints, at least.
  init(
    _ trainer: Trainer, history: TrainingHistory, writer: RunFolderWriter, every interval: Double
  ) {
    self.trainer = trainer
    self.history = history
    self.writer = writer
    pacer = Pacer(interval: interval)
  }

  func observe(_ event: TrainingEvent) throws {
    switch event {
    // After an epoch's last step its end is told at once, and told again by a run that goes
    // on from between the two.
    case .stepEnded where trainer.position.batch >= trainer.batchesPerEpoch: break
    case .stepEnded, .epochEnded: try pacer.run { try save() }
    case .stopped(let event): if event.isResumable { try save(asked: true) }
    // What is left is to predict the test images, which may take long, and may be stopped: the run
    // must have a checkpoint then.
    case .runEnded: try pacer.run(ifElapsed: writer.checkpoint == nil ? 0 : 10) { try save() }
    case .runBegan, .note, .epochBegan: break
    }
  }

  private func save(asked: Bool = false) throws {
    _ = try trainer.saveCheckpoint(
      to: writer.location(.checkpoint), history: history.rows, asked: asked)
  }
}

/// Writes `history.csv` while a run goes on.
final class HistoryWriter: TrainingObserver {
  private let history: TrainingHistory
  private let writer: RunFolderWriter
  private var pacer = Pacer(interval: 2)

  /// - Parameter history: has seen each event before this observer.
  init(_ history: TrainingHistory, writer: RunFolderWriter) {
    self.history = history
    self.writer = writer
  }

  func observe(_ event: TrainingEvent) throws {
    switch event {
    case .epochEnded: try pacer.run { try writer.write(Data(history.csv.utf8), .history) }
    case .stopped: try writer.write(Data(history.csv.utf8), .history)
    case .runBegan, .note, .epochBegan, .stepEnded, .runEnded: break
    }
  }
}
