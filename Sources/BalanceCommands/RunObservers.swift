import BalanceCore
import BalanceExperiments
import BalanceMonitoring
import BalanceTraining
import Foundation

/// Those who watch a run besides the terminal: its report, and what `LogOptions` asks for.
struct RunObservers {
  private let report: RunReportWriter
  private var log: EventLog?
  private var others: [any TrainingObserver] = []

  /// - Parameter tensorboard: whether to write its event files; a resumed run that has some goes on
  ///   with them.
  init(
    _ run: TrainingRun, folder: URL, threads: Int, tensorboard: Bool,
    progress: any ProgressReporter
  ) throws(BalanceError) {
    let description = try RunDescription(run, folder: folder, threads: threads)
    func warn(_ text: String) { progress.note("warning: \(text)") }
    report = RunReportWriter(description, warn: warn)
    if progress is JSONProgress, let lines = StandardError.lines {
      log = EventLog(description, lines)
    }
    if tensorboard || TensorBoardLog.isFound(in: folder) {
      others.append(TensorBoardLog(description, warn: warn))
    }
  }

  var all: [any TrainingObserver] { others + (log.map { [$0] } ?? []) + [report] }

  /// The run is finished.
  func finish(_ folder: RunFolder) throws {
    try report.finish(folder)
    let record = try folder.record()
    if record.divergence == nil { try log?.finish(record, folder.evaluation()) }
  }

  var watch: RunWatch { RunWatch(all, finish: finish) }
}
