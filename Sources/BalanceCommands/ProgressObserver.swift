import BalanceCore
import BalanceMetrics
import BalanceMonitoring
package import BalanceTraining
import Foundation
import Synchronization

/// Shows how one run goes: on a terminal as lines that are kept up to date, and a lasting line for
/// each epoch that took long enough to be waited for; elsewhere as a line for each epoch.
package final class ProgressObserver: TrainingObserver {
  /// Read by the view from whichever thread draws.
  private final class Shared: Sendable {
    let status = Mutex<TrainingStatus?>(nil)
  }

  private let progress: TerminalProgress
  private let shared = Shared()
  private var epochs = 0
  private var lastNote = 0.0

  package init(_ progress: TerminalProgress) { self.progress = progress }

  package func observe(_ event: TrainingEvent) {
    let moment = progress.moment
    shared.status.withLock { $0?.observe(event, at: moment) }
    switch event {
    case .runBegan(let event):
      epochs = event.epochs
      progress.begin("Training", total: event.totalSteps - event.firstStep, unit: "steps")
      shared.status.withLock { $0 = TrainingStatus(event, at: moment) }
      progress.show { [shared] moment, columns in
        guard let status = shared.status.withLock({ $0 }) else { return [] }
        return TrainingView(status).lines(at: moment, columns: columns)
      }
    case .note(let text): progress.note("note: \(text)")
    case .stepEnded: progress.advance(by: 1)
    case .epochEnded(let event):
      let isLast = event.epoch + 1 == epochs
      guard progress.isPlain || isLast || event.seconds - lastNote >= 5 else { return }
      lastNote = event.seconds
      progress.note(line(event))
    case .epochBegan: break
    case .stopped, .runEnded: progress.end()
    }
  }

  private func line(_ event: TrainingEvent.EpochEnded) -> String {
    var line = "epoch \(event.epoch + 1) of \(epochs): training loss "
    line += String(format: "%.4f", event.loss)
    guard let evaluation = event.validation else { return line }
    let validation = TrainingStatus.Validation(evaluation)
    line += String(format: ", validation macro F1 %.3f", validation.macroF1)
    line += String(format: ", accuracy %.3f", validation.accuracy)
    // On a terminal they are below.
    return progress.isPlain
      ? line + ", worst: " + TrainingView.list(validation.worst, widest: 24) : line
  }
}
