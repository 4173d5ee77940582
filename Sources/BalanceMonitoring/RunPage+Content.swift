import BalanceComparisons
import BalanceCore
import BalanceMetrics
import BalanceTraining
import Foundation

/// What the page says, from what is known of the run.
extension RunPage {
  static func isFinished(_ report: RunReport) -> Bool {
    if case .finished = report.state { return true }
    return false
  }

  static func summary(_ run: RunDescription) -> String {
    let counts = run.trainingCounts
    let present = counts.counts.filter { $0 > 0 }
    let ratio = Double(present.max() ?? 1) / Double(present.min() ?? 1)
    let images = [
      Figures.counted(counts.total, "training image")
        + " (imbalance ratio \(Figures.fixed(ratio, digits: 1)))",
      run.validationImages == 0
        ? "no validation images" : Figures.counted(run.validationImages, "validation image"),
      Figures.counted(run.testImages, "test image"),
    ]
    return "\(run.dataset): \(Figures.counted(counts.classCount, "class", "classes")), "
      + Figures.list(images) + "."
  }

  static func headline(_ report: RunReport) -> String {
    switch report.state {
    case .training: "Training"
    case .testing: "Trained; the test images are being classified"
    case .stopped: "Stopped"
    case .finished: "Finished"
    }
  }

  static func progress(_ report: RunReport) -> String {
    let done = report.rows.last?.epoch ?? 0
    let epochs = "Epoch \(Figures.count(done)) of \(Figures.count(report.epochs)) is done"
    let steps = "step \(Figures.count(report.stepsDone)) of \(Figures.count(report.totalSteps))"
    switch report.state {
    case .training(let left):
      return epochs + (left.map { ", \(duration($0)) left" } ?? "") + "."
    case .testing: return epochs + "."
    case .stopped(let reason, _): return "\(epochs), \(steps): \(reason)."
    case .finished(let record, _):
      let early = record.optimizerSteps < report.totalSteps
      return "\(Figures.counted(record.optimizerSteps, "optimizer step")) in "
        + "\(duration(record.seconds)) of training"
        + (early ? ", \(Figures.count(report.totalSteps)) were planned" : "") + "."
    }
  }

  /// Accuracy beside macro F1: of the test images when the run is finished, else of validation.
  static func figures(_ report: RunReport) -> [Figure] {
    if case .finished(_, let test) = report.state {
      let interval = test.accuracyInterval
      return [
        Figure(
          name: "Accuracy", value: Figures.percent(test.accuracy),
          text: "of \(Figures.counted(test.count, "test image")); 95 % interval "
            + "\(Figures.percent(interval.lower)) to \(Figures.percent(interval.upper))"),
        Figure(
          name: "Macro F1", value: Figures.fixed(test.macro.f1),
          text: "on the test images, every class counted alike"),
      ]
    }
    guard let row = report.rows.last, let accuracy = row.validationAccuracy,
      let macroF1 = row.validationMacroF1
    else { return [] }
    let best = report.rows.max { ($0.validationMacroF1 ?? -1) < ($1.validationMacroF1 ?? -1) }
    let rank =
      best?.epoch == row.epoch
      ? "the best so far"
      : "best so far \(Figures.fixed(best?.validationMacroF1 ?? .nan)), epoch \(best?.epoch ?? 0)"
    return [
      Figure(
        name: "Accuracy", value: Figures.percent(accuracy),
        text: "on the validation images, epoch \(row.epoch)"),
      Figure(name: "Macro F1", value: Figures.fixed(macroF1), text: rank),
    ]
  }

  static func command(_ report: RunReport) -> [String] {
    if case .stopped(_, let goOn?) = report.state { return [goOn] }
    return []
  }

  static func refresh(_ report: RunReport) -> [Refresh] {
    guard report.isUnderWay else { return [] }
    let epoch = report.secondsPerEpoch ?? 10
    let overdue = report.written.timeIntervalSince1970 + max(60, 4 * epoch)
    return [
      Refresh(
        seconds: Int(saturating: min(30, max(2, epoch / 2))),
        overdue: Int(saturating: overdue * 1000),
        written: moment(report.written), goOn: report.run.resumeCommand)
    ]
  }

  static func charts(_ report: RunReport) -> [CurveChart] {
    func series(_ name: String, _ value: (TrainingHistory.Row) -> Double?) -> CurveChart.Series {
      CurveChart.Series(
        name: name,
        values: report.rows.compactMap { row in value(row).map { (row.epoch, $0) } })
    }
    func fixed(_ value: Double) -> String { Figures.fixed(value) }
    let rates = report.rows.map(\.learningRate)
    return [
      CurveChart(
        "Loss",
        [series("training") { $0.trainingLoss }, series("validation") { $0.validationLoss }],
        epochs: report.epochs, in: 0...Double.greatestFiniteMagnitude, atLeast: 0.02,
        cutsBeginning: true, text: fixed),
      CurveChart(
        "Validation",
        [
          series("macro F1") { $0.validationMacroF1 }, series("accuracy") { $0.validationAccuracy },
        ],
        epochs: report.epochs, in: 0...1, atLeast: 0.02, text: fixed),
      CurveChart(
        "Learning rate", [series("latest") { $0.learningRate }], epochs: report.epochs,
        in: 0...Double.greatestFiniteMagnitude, atLeast: max(1e-12, rates.max() ?? 0), showing: 0,
        text: { String(format: "%.3g", $0) }),
    ].compactMap(\.self)
  }

  static func settings(_ report: RunReport) -> [Pair] {
    let run = report.run
    let machine = run.machine
    let versions = machine.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return run.settings.sorted { $0.key < $1.key }.map { Pair(name: $0.key, value: $0.value) } + [
      Pair(name: "loss, exactly", value: report.lossFingerprint),
      Pair(name: "hash of the split", value: run.splitHash),
      Pair(
        name: "machine",
        value: "\(machine.processor), \(Figures.counted(machine.cores, "core")), "
          + "\(Figures.counted(machine.threads, "thread")), \(machine.instructionSet); "
          + versions.joined(separator: ", ")),
    ]
  }

  /// `2026-03-01 09:05:07`, UTC.
  static func moment(_ date: Date) -> String {
    date.formatted(
      .iso8601.year().month().day().dateTimeSeparator(.space).time(
        includingFractionalSeconds: false))
  }

  /// `45 s`, `12 min`, `3 h 20 min`.
  static func duration(_ seconds: Double) -> String {
    // Beyond a million years the minutes of an hour no longer matter.
    let whole = Int(saturating: min(max(0, seconds), 1e14).rounded())
    if whole < 100 { return "\(whole) s" }
    let minutes = (whole + 30) / 60
    if minutes < 100 { return "\(minutes) min" }
    return "\(minutes / 60) h \(minutes % 60) min"
  }
}
