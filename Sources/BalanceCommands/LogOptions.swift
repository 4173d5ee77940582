import ArgumentParser
import BalanceCore
import BalanceMonitoring

/// How it is told how trainings go.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text, or json: one object a line on standard error for everything that happens "
        + "(default: text)", valueName: "format"))
  var logFormat: String?

  @Flag(help: "Write event files for TensorBoard into the folders of runs.")
  var tensorboard = false

  /// Makes standard error speak JSON where that is asked for.
  ///
  /// - Returns: what reports progress.
  /// - Throws: `BalanceError` for an unknown format.
  func begin(_ output: OutputOptions) throws(BalanceError) -> any ProgressReporter {
    guard let logFormat, logFormat != "text" else { return output.progress }
    guard logFormat == "json" else {
      throw Suggestion.unknown("format", logFormat, among: ["text", "json"])
    }
    let lines = StandardError.speakJSON()
    return output.quiet ? SilentProgress() : JSONProgress(lines)
  }
}
