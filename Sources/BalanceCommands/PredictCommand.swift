import ArgumentParser
import BalanceCore
import Foundation
import Training

/// `balance predict`
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images with a trained model.",
    discussion: """
      Prints one row an image: the likeliest class and the probability of every class, or what is \
      wrong with the file. The exit code is 65 if any image could not be read.

      EXAMPLES:
        balance predict --model runs/plain photo.jpg
        balance predict --model runs/plain --json PHOTOS/*.png
        balance predict --model runs/plain PHOTOS --top-k 3 --out predictions.csv
        find PHOTOS -name '*.jpg' | balance predict --model runs/plain -
      """)

  @Option(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var model: String

  @Argument(
    help: "Images, JPEG or PNG; folders of them; - for paths on standard input, one a line.")
  var images: [String]

  @Flag(help: "Print JSON instead of CSV.")
  var json = false

  @Option(help: ArgumentHelp("Only the likeliest classes.", valueName: "count"))
  var topK: Int?

  @Option(help: ArgumentHelp("Write to this file.", valueName: "file"))
  var out: String?

  @Option(help: "Threads that compute (default: all cores).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard topK ?? 1 > 0 else { throw ValidationError("--top-k counts from 1") }
    guard threads ?? 1 > 0 else { throw ValidationError("--threads counts from 1") }
  }

  func run() throws {
    let run = try RunFolder(opening: URL(fileURLWithPath: model))
    let predictor = try ImagePredictor(run, threads: threads)
    let paths = try ImagePaths.expand(images)
    let progress = output.progress
    progress.begin("Predicting", total: paths.count, unit: "images")
    let rows = try paths.map { path in
      defer { progress.advance(by: 1) }
      return try predictor.predict(path: path).keeping(topK)
    }
    progress.end()
    let text =
      try json
      ? PredictionRow.json(rows) : PredictionRow.csv(rows, predictor.classNames, topK: topK)
    if let out {
      try AtomicFile.write(text, to: URL(fileURLWithPath: out))
    } else {
      print(text, terminator: "")
    }
    let failed = rows.filter { $0.error != nil }
    if let first = failed.first?.error {
      let more = failed.count > 1 ? " (and \(failed.count - 1) more images)" : ""
      throw BalanceError(.data, first + more)
    }
  }
}
