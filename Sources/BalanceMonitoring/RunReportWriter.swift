import BalanceCore
import BalanceMetrics
public import BalanceTraining
import Foundation

/// Writes `report.html` into a run's folder: when the run begins, after its epochs, and at its end,
/// and the course of every class as `validation-f1.csv` beside it.
///
/// A browser that shows the page loads it again while the run goes on. Short epochs are not all
/// written: at most one a second, and so few that it costs at most a fiftieth of the time. A page
/// that cannot be written stops no run; it is said once.
public final class RunReportWriter: TrainingObserver {
  public static let fileName = RunFolder.Companion.report.rawValue

  private let run: RunDescription
  private let warn: (String) -> Void
  private var hasWarned = false
  private var report: RunReport?
  private var history = TrainingHistory()
  private var pace: TrainingPace?
  private var pacer = Pacer(interval: 1)
  private let start = ContinuousClock.now

  /// - Parameter warn: is called once where the page cannot be written.
  public init(_ run: RunDescription, warn: @escaping (String) -> Void) {
    self.run = run
    self.warn = warn
  }

  public func observe(_ event: TrainingEvent) {
    history.observe(event)
    switch event {
    case .runBegan(let event):
      pace = TrainingPace(event, at: seconds)
      begin(event)
      write()
    case .note(let text): report?.notes.append(text)
    case .epochBegan: break
    case .stepEnded(let event):
      pace?.add(event)
      report?.stepsDone = event.step + 1
    case .epochEnded(let event):
      report?.validation = event.validation
      if let validation = event.validation {
        report?.course.add(event.epoch + 1, f1: validation.classes.map(\.f1))
      }
      report?.state = .training(secondsLeft: pace?.secondsLeft(at: seconds))
      pacer.run { write() }
    case .stopped(let event):
      report?.stepsDone = event.position.step
      report?.state = .stopped(
        reason: event.reason, goOn: event.isResumable ? run.resumeCommand : nil)
      write()
    case .runEnded:
      report?.state = .testing
      write()
    }
  }

  /// Writes the report of the finished run, or of one that diverged.
  public func finish(_ folder: RunFolder) throws {
    let record = try folder.record()
    report?.state =
      if let divergence = record.divergence {
        .stopped(reason: divergence.reason, goOn: nil)
      } else {
        .finished(record, try folder.evaluation())
      }
    write()
  }

  /// A resumed run has epochs behind it, whose figures are in its folder.
  private func begin(_ event: TrainingEvent.RunBegan) {
    let perEpoch = max(1, event.totalSteps / max(1, event.epochs))
    var course = ClassCourse(classNames: run.trainingCounts.names)
    if event.firstStep > 0 {
      course = ClassCourse(reading: run.folder, classNames: run.trainingCounts.names)
      course.cut(after: event.firstStep / perEpoch)
    }
    var begun = RunReport(run, event, course: course, written: Date())
    begun.rows = rows(before: event.firstStep / perEpoch + 1)
    report = begun
  }

  /// Rows of `history.csv` of earlier epochs. The file is written after its own observer has seen
  /// an epoch; what this one has seen itself is newer.
  private func rows(before epoch: Int) -> [TrainingHistory.Row] {
    guard epoch > 1 else { return [] }
    let url = run.folder.appendingPathComponent(RunFolder.File.history.rawValue)
    guard let data = try? RegularFile.read(url),
      let rows = try? TrainingHistory.rows(csv: data, path: url.path)
    else { return report?.rows.filter { $0.epoch < epoch } ?? [] }
    return rows.filter { $0.epoch < epoch }
  }

  private func write() {
    guard var report else { return }
    let own = history.rows
    let first = own.first?.epoch ?? (report.rows.last?.epoch ?? 0) + 1
    report.rows = rows(before: first) + own
    report.written = Date()
    self.report = report
    do throws(BalanceError) {
      if !report.course.epochs.isEmpty {
        try AtomicFile.write(
          report.course.csv, to: run.folder.appendingPathComponent(ClassCourse.fileName))
      }
      try AtomicFile.write(report.html(), to: run.folder.appendingPathComponent(Self.fileName))
    } catch {
      if !hasWarned { warn("the run goes on without its report: \(error)") }
      hasWarned = true
    }
  }

  private var seconds: Double { start.secondsToNow }
}

extension RunDescription {
  /// What to type to go on with the run.
  var resumeCommand: String { "balance train --resume \(ShellText.word(folder.relativePath))" }
}
