import ArgumentParser
import BalanceCore
import Datasets
import Foundation
import Metrics
import Training

/// `balance evaluate`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Work out every metric again from predictions.",
    discussion: """
      From a run folder, or from any CSV with the columns image, truth, predicted and p:CLASS. \
      With --dataset the test images are first predicted again with the run's weights.

      EXAMPLES:
        balance evaluate runs/plain
        balance evaluate runs/plain --dataset PHOTOS
        balance evaluate --predictions predictions.csv --json
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var folder: String?

  @Option(help: ArgumentHelp("A predictions.csv instead of a run.", valueName: "file"))
  var predictions: String?

  @Option(
    help: ArgumentHelp("Predict this dataset's test images with the weights.", valueName: "folder"))
  var dataset: String?

  @Option(help: ArgumentHelp("Where the dataset's index is.", valueName: "file"))
  var index: String?

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
  }

  func run() throws {
    let evaluation = try evaluate()
    if json {
      print(String(decoding: try CanonicalJSON.encode(evaluation), as: UTF8.self), terminator: "")
    } else {
      print(EvaluationTable.text(evaluation))
    }
  }

  private func evaluate() throws -> Evaluation {
    if let predictions {
      let url = URL(fileURLWithPath: predictions)
      guard let data = try? Data(contentsOf: url) else {
        throw BalanceError(.noInput, "cannot be read", at: predictions, remedy: "check the path")
      }
      return Evaluation(try PredictionTable(csv: data, path: predictions), trainingCounts: nil)
    }
    let run = try RunFolder(opening: URL(fileURLWithPath: folder ?? ""))
    let record = try run.record()
    guard let dataset else {
      return Evaluation(try run.predictions(), trainingCounts: record.trainingCounts)
    }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let index = try DatasetIndex.prepare(
      root: URL(fileURLWithPath: dataset), at: index.map { URL(fileURLWithPath: $0) },
      threads: threads, progress: output.progress)
    let table = try Reprediction(run, record: record).test(
      index, threads: threads, cacheFolder: index.cacheFolder, progress: output.progress)
    return Evaluation(table, trainingCounts: record.trainingCounts)
  }
}
