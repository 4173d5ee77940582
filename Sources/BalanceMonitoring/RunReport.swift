import BalanceComparisons
package import BalanceCore
package import BalanceMetrics
package import BalanceTraining
package import Foundation

/// All that a run's report shows.
package struct RunReport: Sendable {
  package enum State: Sendable {
    case training(secondsLeft: Double?)
    /// All epochs are done.
    case testing
    /// How to go on, where that is possible.
    case stopped(reason: String, goOn: String?)
    case finished(RunRecord, Evaluation)
  }

  package let run: RunDescription
  package let lossFingerprint: String
  package let epochs: Int
  package let totalSteps: Int
  package var state: State
  package var stepsDone: Int
  /// Of the epochs that are done.
  package var rows: [TrainingHistory.Row]
  package var course: ClassCourse
  /// Of the latest epoch of this part of the run.
  package var validation: Evaluation?
  package var notes: [String]
  package var written: Date

  package init(
    _ run: RunDescription, _ event: TrainingEvent.RunBegan, rows: [TrainingHistory.Row] = [],
    course: ClassCourse? = nil, written: Date
  ) {
    self.run = run
    lossFingerprint = event.lossFingerprint
    epochs = event.epochs
    totalSteps = event.totalSteps
    state = .training(secondsLeft: nil)
    stepsDone = event.firstStep
    self.rows = rows
    self.course = course ?? ClassCourse(classNames: run.trainingCounts.names)
    validation = nil
    notes = []
    self.written = written
  }

  /// The self-contained page.
  ///
  /// - Throws: `BalanceError` (`software`) if a template of this program is malformed.
  package func html() throws(BalanceError) -> String { try RunPage(self).render() }

  /// Seconds that an epoch took, validation included.
  var secondsPerEpoch: Double? {
    guard let last = rows.last, last.epoch > 0 else { return nil }
    return last.seconds / Double(last.epoch)
  }

  var isUnderWay: Bool {
    switch state {
    case .training, .testing: true
    case .stopped, .finished: false
    }
  }
}
