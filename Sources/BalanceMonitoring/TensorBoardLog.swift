import BalanceCore
import BalanceMetrics
import BalanceReports
import BalanceTensorBoardFormat
public import BalanceTraining
public import Foundation

/// Writes a run's figures as TensorBoard's event files, into the run's folder.
///
/// The horizontal axis is optimizer steps since the run began, as in `history.csv`. Charts:
///
///     training/loss                   mean over the images of a few steps, each before its step
///     training/learning rate          at the last of them
///     training/images per second      without validation
///     epoch/training loss             the epoch figures are those of history.csv
///     epoch/learning rate
///     validation/loss, validation/accuracy, validation/macro F1
///     F1/CLASS                        on the validation images
///     settings                        as text
///
/// Files stay small: charts by step have at most 1,000 values, or one an epoch (`StepMeter`), and
/// the classes together about 50,000, in epochs evenly apart and the last one.
///
/// A run that goes on after a break writes a file of its own. It begins with a session start at the
/// first step that is done again, on which TensorBoard drops what it had of that step and later
/// ones.
///
/// Where a file cannot be written the run goes on without it, and it is said once.
///
/// Nothing in here is missing from `history.csv` and `report.html`, which need no other program:
/// hence it is written only when asked for.
public final class TensorBoardLog: TrainingObserver {
  package static let classValues = 50_000

  private let run: RunDescription
  private let now: () -> Date
  private let warn: (String) -> Void
  private var file: EventFile?
  private var meter = StepMeter(epochs: 1, totalSteps: 1, at: 0)
  private var epochs = 0
  private var steps = 0

  /// - Parameter warn: is called once where a file cannot be written.
  public convenience init(_ run: RunDescription, warn: @escaping (String) -> Void) {
    self.init(run, warn: warn, now: Date.init)
  }

  package init(
    _ run: RunDescription, warn: @escaping (String) -> Void, now: @escaping () -> Date
  ) {
    self.run = run
    self.warn = warn
    self.now = now
  }

  /// Whether a run in `folder` has written event files before, and so should go on with them.
  public static func isFound(in folder: URL) -> Bool { !EventFile.files(in: folder).isEmpty }

  public func observe(_ event: TrainingEvent) {
    do throws(BalanceError) { try log(event, at: now()) } catch {
      // A record may be cut short, and nothing can be read behind it.
      file = nil
      warn("the run goes on without TensorBoard's files: \(error)")
    }
  }

  private func log(_ event: TrainingEvent, at moment: Date) throws(BalanceError) {
    switch event {
    case .runBegan(let event): try begin(event, at: moment)
    case .epochBegan: meter.restart(at: moment.timeIntervalSince1970)
    case .stepEnded(let event):
      steps = event.step + 1
      if let reading = meter.add(event, at: moment.timeIntervalSince1970) {
        try write(Self.values(of: reading), at: moment)
      }
    case .epochEnded(let event): try write(values(of: event), at: moment)
    case .runEnded, .stopped: file = nil
    case .note: break
    }
  }

  private func begin(_ event: TrainingEvent.RunBegan, at moment: Date) throws(BalanceError) {
    epochs = event.epochs
    meter = StepMeter(
      epochs: event.epochs, totalSteps: event.totalSteps, at: moment.timeIntervalSince1970)
    steps = event.firstStep
    let file = try EventFile(in: run.folder, at: moment)
    self.file = file
    // Also in a run's first file: TensorBoard takes the first session start it sees for the run's
    // own, and only later ones for a break.
    var start = TensorBoardEvent()
    start.wallTime = moment.timeIntervalSince1970
    start.step = Int64(event.firstStep + 1)
    start.sessionLog.status = .start
    try file.append(start)
    if event.firstStep == 0 {
      var settings = run.settings
      settings["loss fingerprint"] = event.lossFingerprint
      settings["split hash"] = run.splitHash
      try write([Self.text(settings, tag: "settings")], at: moment)
    }
  }

  private func write(_ values: [TensorBoardSummary.Value], at moment: Date) throws(BalanceError) {
    guard let file else { return }
    var event = TensorBoardEvent()
    event.wallTime = moment.timeIntervalSince1970
    event.step = Int64(steps)
    event.summary.value = values
    try file.append(event)
  }

  private static func values(of reading: StepMeter.Reading) -> [TensorBoardSummary.Value] {
    var values = [
      scalar("training/loss", reading.loss),
      scalar("training/learning rate", reading.learningRate),
    ]
    if let speed = reading.imagesPerSecond {
      values.append(scalar("training/images per second", speed))
    }
    return values
  }

  private func values(of epoch: TrainingEvent.EpochEnded) -> [TensorBoardSummary.Value] {
    var values = [
      Self.scalar("epoch/training loss", epoch.loss),
      Self.scalar("epoch/learning rate", epoch.learningRate),
    ]
    guard let validation = epoch.validation else { return values }
    values += [
      Self.scalar("validation/loss", validation.negativeLogLikelihood),
      Self.scalar("validation/accuracy", validation.accuracy),
      Self.scalar("validation/macro F1", validation.macro.f1),
    ]
    let stride = max(1, validation.classes.count * epochs / Self.classValues)
    if epoch.epoch.isMultiple(of: stride) || epoch.epoch + 1 == epochs {
      values += validation.classes.map { Self.scalar("F1/\($0.name)", $0.f1) }
    }
    return values
  }

  private static func scalar(_ tag: String, _ value: Double) -> TensorBoardSummary.Value {
    var scalar = TensorBoardSummary.Value()
    scalar.tag = tag
    scalar.simpleValue = Float(value)
    return scalar
  }

  /// A table in Markdown, as TensorBoard's tab of texts shows it.
  private static func text(_ settings: [String: String], tag: String) -> TensorBoardSummary.Value {
    let rows = settings.sorted { $0.key < $1.key }.map {
      "| \(MarkdownText.escaped($0.key)) | \(MarkdownText.escaped($0.value)) |\n"
    }
    var value = TensorBoardSummary.Value()
    value.tag = tag
    value.metadata.pluginData.pluginName = "text"
    value.tensor.dtype = .string
    value.tensor.tensorShape.dim = []
    value.tensor.stringVal = [Data(("| setting | value |\n| --- | --- |\n" + rows.joined()).utf8)]
    return value
  }
}
