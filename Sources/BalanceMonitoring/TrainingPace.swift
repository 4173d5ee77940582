package import BalanceTraining

/// How fast a run goes and how long it will take, from its steps so far.
///
/// The time left is that of the remaining steps at the mean pace since this part of the run began,
/// validations included; the pace of its first step counts no more than any other's.
package struct TrainingPace: Sendable {
  private let totalSteps: Int
  private let firstStep: Int
  private let began: Double
  private var done: Int

  /// - Parameter moment: in seconds, on the clock that `secondsLeft` goes by.
  package init(_ event: TrainingEvent.RunBegan, at moment: Double) {
    totalSteps = event.totalSteps
    firstStep = event.firstStep
    done = event.firstStep
    began = moment
  }

  package mutating func add(_ event: TrainingEvent.StepEnded) { done = event.step + 1 }

  /// Nil before the first step.
  package func secondsLeft(at moment: Double) -> Double? {
    guard done > firstStep else { return nil }
    return (moment - began) / Double(done - firstStep) * Double(totalSteps - done)
  }
}
