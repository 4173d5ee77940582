import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceMetrics
import BalanceTraining
import Foundation

/// `balance evaluate`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Work out every metric again from predictions.",
    discussion: """
      From a run folder, or from any CSV with the columns image, truth, predicted and p:CLASS. \
      With --dataset the test images are first predicted again with the run's weights; the dataset \
      must be the run's own, unchanged. With --split or --role it may be any that has no other \
      classes than the run, matched by name.

      EXAMPLES:
        balance evaluate runs/plain
        balance evaluate runs/plain --dataset PHOTOS
        balance evaluate runs/plain --dataset OTHER --split all
        balance evaluate runs/plain --dataset PHOTOS --role val
        balance evaluate --predictions predictions.csv --json
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var folder: String?

  @Option(help: ArgumentHelp("A predictions.csv instead of a run.", valueName: "file"))
  var predictions: String?

  @Option(
    help: ArgumentHelp("Predict this dataset's test images with the weights.", valueName: "folder"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "The split whose images are predicted, or \(DatasetIndex.allImages) for every image of the "
        + "dataset.", valueName: "name"))
  var split: String?

  @Option(
    help: ArgumentHelp(
      "Which images of the split: train, val, test or all (default: test).", valueName: "role"))
  var role: String?

  @OptionGroup var place: IndexOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (folder == nil) != (predictions == nil) else {
      throw ValidationError("give a run folder, or --predictions FILE")
    }
    guard dataset == nil || folder != nil else {
      throw ValidationError("--dataset needs a run folder, whose weights predict")
    }
    guard dataset != nil || (split == nil && role == nil && !place.isGiven) else {
      throw ValidationError(
        "--split, --role, --index and a table's options say which images of --dataset are meant")
    }
    guard split != DatasetIndex.allImages || role == nil else {
      throw ValidationError(
        "--split \(DatasetIndex.allImages) takes every image of the dataset: give no --role")
    }
  }

  func run() throws {
    let evaluation = try evaluate()
    if json {
      try StandardOutput.write(json: evaluation)
    } else {
      try StandardOutput.writeLine(EvaluationTable.text(evaluation))
    }
  }

  private func evaluate() throws -> Evaluation {
    if let predictions {
      let url = URL(fileURLWithPath: predictions)
      // Worked out, a table takes several times its size.
      let table = try PredictionTable(
        csv: RegularFile.read(url, limit: (MachineLimits.availableMemory ?? .max) / 8),
        path: predictions)
      let repeats = table.images.count - Set(table.images.map(ByteKey.init)).count
      if repeats > 0 {
        output.progress.note(
          "note: \(repeats) of \(table.images.count) rows repeat an image, and count each time")
      }
      return Evaluation(table, trainingCounts: nil)
    }
    let run = try RunFolder(opening: URL(fileURLWithPath: folder ?? ""))
    let record = try run.record()
    guard let dataset else {
      return Evaluation(try run.predictions(), trainingCounts: record.trainingCounts)
    }
    let part = try part()
    let index = try place.prepare(
      URL(fileURLWithPath: dataset, isDirectory: true), threads: ThreadOptions.cores,
      progress: output.progress)
    let table = try Reprediction(run, record: record).predict(
      part, of: index, threads: ThreadOptions.cores, cacheFolder: index.cacheFolder,
      progress: output.progress)
    return Evaluation(table, trainingCounts: record.trainingCounts)
  }

  /// The images that the options name.
  private func part() throws(BalanceError) -> EvaluatedPart {
    if split == DatasetIndex.allImages { return .all }
    guard split != nil || role != nil else { return .ownTest }
    let word = role ?? SplitRole.test.rawValue
    if word == "all" { return .split(split, role: nil) }
    guard let role = SplitRole(rawValue: word) else {
      throw Suggestion.unknown("role", word, among: SplitRole.allCases.map(\.rawValue) + ["all"])
    }
    return .split(split, role: role)
  }
}
