public import BalanceCore
public import BalanceMetrics
import BalanceSampling
public import BalanceTraining
import Foundation

/// What happens in a run as JSON objects, one a line: what `balance train --log-format json` writes
/// to standard error, and `balance compare` for one run after the other.
///
/// Every object has `event`, its name, and `time` (UTC, ISO 8601 with milliseconds). Names of
/// events and fields stay as they are; others may be added. Epochs and steps count from 1, a step
/// being an optimizer step since the run began. What is not known is left out, and a figure that is
/// not a number is the text `"nan"`, `"inf"` or `"-inf"`.
///
/// - `runBegan`: `run` (the folder), `epochs`, `steps` (of the whole run), `stepsDone` (above 0
///   where it goes on after a break), `dataset`, `splitHash`, `settings` (name to text),
///   `lossFingerprint`, `classes` (`name`, `trainingImages`), `validationImages`, `testImages`,
///   `machine` (`processor`, `cores`, `threads`, `instructionSet`, `versions`).
/// - `note`, `warning`: `text`, something that the user should know. Also before `runBegan`.
/// - `workBegan`, `workEnded`: `title`, `unit`, `total` or `done`, `seconds`: indexing, decoding.
/// - `epochBegan`: `epoch`, `draws` (images).
/// - `steps`: `step`, `epoch`, `loss` (mean over the epoch's images since the line before),
///   `learningRate`, `imagesPerSecond`, `secondsLeft` (of training and validation). As often as
///   `StepMeter` says, and not more often than once a second.
/// - `epochEnded`: `epoch`, `step`, `trainingLoss`, `learningRate`, `seconds` (of training so far),
///   and with validation images `validation`: see below. As in `history.csv`.
/// - `stopped`: `step`, `steps`, `reason`, `isResumable`.
/// - `runEnded`: `step`, `seconds`. The test images come after it.
/// - `result`: `run`, `seconds`, and `test`: see below.
/// - `error`: `message`, `code` (the exit code), and where there are any `place`, `remedy`.
///
/// `validation` and `test` hold `images`, `loss` (mean negative log-likelihood), `accuracy`,
/// `macroF1` and `classes` (`name`, `f1`, `images`).
public final class EventLog: TrainingObserver {
  private let run: RunDescription
  private let lines: JSONLines
  private var meter = StepMeter(epochs: 1, totalSteps: 1, at: 0)
  private var pace: TrainingPace?
  private var step = 0

  public init(_ run: RunDescription, _ lines: JSONLines) {
    self.run = run
    self.lines = lines
  }

  public func observe(_ event: TrainingEvent) throws {
    let moment = lines.seconds
    switch event {
    case .runBegan(let event):
      meter = StepMeter(
        epochs: event.epochs, totalSteps: event.totalSteps, at: moment, leastSeconds: 1)
      pace = TrainingPace(event, at: moment)
      step = event.firstStep
      try lines.write("runBegan", RunBegan(run, event))
    case .note(let text): lines.note(text)
    case .epochBegan(let event):
      meter.restart(at: moment)
      try lines.write(
        "epochBegan", EpochBegan(epoch: event.epoch + 1, draws: event.plan.draws.count))
    case .stepEnded(let event): try observe(event, at: moment)
    case .epochEnded(let event):
      try lines.write(
        "epochEnded",
        EpochEnded(
          epoch: event.epoch + 1, step: step, trainingLoss: event.loss,
          learningRate: event.learningRate, seconds: event.seconds,
          validation: event.validation.map(Scores.init)))
    case .stopped(let event):
      try lines.write(
        "stopped",
        Stopped(
          step: event.position.step, steps: event.totalSteps, reason: event.reason,
          isResumable: event.isResumable))
    case .runEnded(let event):
      try lines.write("runEnded", RunEnded(step: event.steps, seconds: event.seconds))
    }
  }

  private func observe(_ event: TrainingEvent.StepEnded, at moment: Double) throws {
    step = event.step + 1
    pace?.add(event)
    guard let reading = meter.add(event, at: moment) else { return }
    try lines.write(
      "steps",
      Steps(
        step: reading.steps, epoch: reading.epoch + 1, loss: reading.loss,
        learningRate: reading.learningRate, imagesPerSecond: reading.imagesPerSecond,
        secondsLeft: pace?.secondsLeft(at: moment)))
  }

  /// The finished run's figures on the test images.
  public func finish(_ record: RunRecord, _ evaluation: Evaluation) throws {
    try lines.write(
      "result", Outcome(run: run.folder.path, seconds: record.seconds, test: Scores(evaluation)))
  }
}

extension JSONLines {
  /// What ended a command.
  public func write(_ error: BalanceError) throws {
    try write(
      "error",
      EventLog.Failure(
        code: error.code.rawValue, message: error.what, place: error.place, remedy: error.remedy))
  }
}
