import ArgumentParser
import BalanceCore
import Monitoring
import Training

/// Who else is told how a training goes.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text, or json: one object a line on standard error for everything that happens "
        + "(default: text)", valueName: "format"))
  var logFormat: String?

  @Flag(help: "Write event files for TensorBoard into the run folder.")
  var tensorboard = false

  /// Makes standard error speak JSON where that is asked for.
  ///
  /// - Returns: what reports progress.
  /// - Throws: `BalanceError` for an unknown format.
  func begin(_ output: OutputOptions) throws(BalanceError) -> any BalanceCore.ProgressReporting {
    guard let logFormat, logFormat != "text" else { return output.progress }
    guard logFormat == "json" else {
      throw Suggestion.unknown("format", logFormat, among: ["text", "json"])
    }
    let lines = StandardError.speakJSON()
    return output.quiet ? SilentProgress() : JSONProgress(lines)
  }

  /// Those who watch a run.
  func observers(_ run: RunDescription, _ progress: any BalanceCore.ProgressReporting, quiet: Bool)
    -> Observers
  {
    func warn(_ text: String) { progress.note("warning: \(text)") }
    var observers = Observers(report: RunReportWriter(run, warn: warn))
    if let terminal = progress as? TerminalProgress {
      observers.others.append(ProgressObserver(terminal))
    } else if !quiet, let lines = StandardError.lines {
      let log = EventLog(run, lines)
      observers.log = log
      observers.others.append(log)
    }
    if tensorboard || TensorBoardLog.isFound(in: run.folder) {
      observers.others.append(TensorBoardLog(run, warn: warn))
    }
    return observers
  }

  struct Observers {
    let report: RunReportWriter
    var log: EventLog?
    var others: [any TrainingObserver] = []

    var all: [any TrainingObserver] { others + [report] }

    /// The run is finished.
    func finish(_ folder: RunFolder) throws {
      try report.finish(folder)
      try log?.finish(folder.record(), folder.evaluation())
    }
  }
}
