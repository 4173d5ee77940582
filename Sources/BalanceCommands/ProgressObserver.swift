import BalanceCore
import Foundation
import Metrics
import Training

/// Shows the steps of one run, and a line for each epoch that took long enough to be waited for.
final class ProgressObserver: TrainingObserver {
  private let progress: any BalanceCore.ProgressReporting
  private var epochs = 0
  private var lastNote = 0.0

  init(_ progress: any BalanceCore.ProgressReporting) { self.progress = progress }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .runBegan(let event):
      epochs = event.epochs
      progress.begin("Training", total: event.totalSteps - event.firstStep, unit: "steps")
    case .note(let text): progress.note("note: \(text)")
    case .stepEnded: progress.advance(by: 1)
    case .epochEnded(let event):
      let isLast = event.epoch + 1 == epochs
      guard isLast || event.seconds - lastNote >= 5 else { return }
      lastNote = event.seconds
      var line = "epoch \(event.epoch + 1) of \(epochs): training loss "
      line += String(format: "%.4f", event.loss)
      if let validation = event.validation {
        line += String(format: ", validation macro F1 %.3f", validation.macro.f1)
        line += String(format: ", accuracy %.3f", validation.accuracy)
      }
      progress.note(line)
    case .epochBegan: break
    case .stopped, .runEnded: progress.end()
    }
  }
}
