import ArgumentParser
import BalanceCore
import BalanceMonitoring
import Foundation

/// `balance runs`
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs below a folder, finished or not.",
    discussion: """
      A run is finished, running (a process trains it now), unfinished ('balance train --resume' \
      goes on with it), diverged (its loss became no finite number) or damaged. \
      Figures are those of the test images; a star marks figures of \
      the validation images, after the latest epoch of a run that is not finished.

      EXAMPLES:
        balance runs
        balance runs runs OTHER --sort macro-f1
        balance runs runs/photos --json
      """)

  @Argument(
    help: ArgumentHelp("Folders to search (default: runs).", valueName: "folder"),
    completion: .directory)
  var folders: [String] = []

  @Option(
    help: ArgumentHelp(
      "path, state, strategy, loss, model, seed, epochs, accuracy, macro-f1 or when "
        + "(default: path)", valueName: "column"))
  var sort: String?

  @Flag(help: "Turn the order round.")
  var reverse = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let order = try order()
    let folders = folders.isEmpty ? ["runs"] : folders
    var runs = order.sorted(try RunSearch.runs(below: folders))
    if reverse { runs.reverse() }
    if json {
      try StandardOutput.write(json: runs)
    } else if runs.isEmpty {
      let places = folders.joined(separator: ", ")
      try StandardOutput.writeLine(Printable.line("there are no runs below \(places)"))
    } else {
      try StandardOutput.write(Self.text(runs))
    }
  }

  private func order() throws(BalanceError) -> RunOrder {
    guard let sort else { return .path }
    guard let order = RunOrder(rawValue: sort) else {
      throw Suggestion.unknown("column", sort, among: RunOrder.allCases.map(\.rawValue))
    }
    return order
  }

  static func text(_ runs: [FoundRun]) -> String {
    var table = TextTable(
      [
        "run", "state", "strategy", "loss", "model", "seed", "epochs", "accuracy", "macro F1",
        "when",
      ], widest: 44)
    for run in runs {
      let star = run.scores?.isTest == false ? "*" : ""
      table.add([
        run.path, run.state.rawValue, run.strategy ?? "–", run.loss ?? "–",
        run.model ?? "–", run.seed.map { "\($0)" } ?? "–", epochs(run),
        run.scores.map { NumberText.fixed($0.accuracy) + star } ?? "–",
        run.scores.map {
          NumberText.fixed($0.macroF1) + star + ($0.countsAbsentClasses ? "†" : "")
        } ?? "–",
        run.when.map(moment) ?? "–",
      ])
    }
    var text = table.text
    if runs.contains(where: { $0.scores?.isTest == false }) {
      text += "\n  * on the validation images, after the latest epoch\n"
    }
    if runs.contains(where: { $0.scores?.countsAbsentClasses == true }) {
      text +=
        "\n  † counts classes that do not occur as 0, as earlier versions did: 'balance evaluate' works\n"
        + "    it out again\n"
    }
    for run in runs {
      guard let reason = run.reason else { continue }
      text += "\n  \(run.state.rawValue): \(Printable.line(run.path)): \(Printable.line(reason))\n"
    }
    return text
  }

  /// `30`, or `12/30`.
  private static func epochs(_ run: FoundRun) -> String {
    guard let epochs = run.epochs else { return "–" }
    let done = run.epochsDone ?? 0
    return done == epochs ? "\(epochs)" : "\(done)/\(epochs)"
  }

  /// `2026-03-01 09:05`, local time.
  private static func moment(_ date: Date) -> String {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day, .hour, .minute], from: date)
    return String(
      format: "%04d-%02d-%02d %02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
      parts.hour ?? 0, parts.minute ?? 0)
  }
}
