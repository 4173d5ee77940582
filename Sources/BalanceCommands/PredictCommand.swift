import ArgumentParser
import BalanceCore
import BalanceImages
import BalanceReports
import BalanceTraining
import Foundation

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
        balance predict --model runs/plain PHOTOS --contact-sheet sheet.html
        find PHOTOS -name '*.jpg' | balance predict --model runs/plain -
      """)

  @Option(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "Images, \(ImageFormat.names); folders of them; - for paths on standard input, one a line."
    ))
  var images: [String]

  @Flag(help: "Print JSON instead of CSV.")
  var json = false

  @Option(help: ArgumentHelp("Only the likeliest classes.", valueName: "count"))
  var topK: Int?

  @Option(help: ArgumentHelp("Write to this file.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write a web page with the least sure images of each predicted class.", valueName: "file"))
  var contactSheet: String?

  @Option(help: "Threads that compute (default: all cores).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard topK ?? 1 > 0 else { throw ValidationError("--top-k counts from 1") }
    try ThreadOptions.check(threads)
  }

  func run() throws {
    if let out, let contactSheet {
      try OutputFile.refuseSame(
        URL(fileURLWithPath: out), URL(fileURLWithPath: contactSheet),
        options: "--out and --contact-sheet")
    }
    let run = try RunFolder(opening: URL(fileURLWithPath: model))
    let paths = try ImagePaths(images)
    func place(_ path: String) throws(BalanceError) -> OutputPlace {
      try OutputPlace(
        path,
        sparing: RunFolder.File.allCases.map(run.location)
          + paths.images.map { URL(fileURLWithPath: $0) })
    }
    let (table, page) = (try out.map(place), try contactSheet.map(place))
    let predictor = try ImagePredictor(
      run, batchSize: max(1, min(paths.images.count, 32)), threads: threads)
    let progress = output.progress
    for note in paths.notes { progress.note("note: \(note)") }
    if let note = predictor.note { progress.note("note: \(note)") }
    progress.begin("Predicting", total: paths.images.count, unit: "images")
    var rows: [PredictionRow] = []
    try predictor.predict(paths.images) { path, outcome in
      rows.append(PredictionRow(path, outcome, classNames: predictor.classNames))
      progress.advance(by: 1)
    }
    progress.end()
    rows += paths.failures.map {
      PredictionRow($0.path, .failure($0.error), classNames: predictor.classNames)
    }
    if let page {
      let sheet = try ContactSheet(
        rows, title: "What \(run.url.lastPathComponent) predicts", range: predictor.range)
      try page.write(sheet.html())
    }
    let text =
      try json
      ? PredictionRow.json(rows, topK: topK)
      : PredictionRow.csv(rows, predictor.classNames, topK: topK)
    if let table {
      try table.write(text)
    } else {
      try StandardOutput.write(text)
    }
    let failed = rows.filter { $0.error != nil }
    if let first = failed.first?.error {
      let others = failed.count - 1
      let more = others > 0 ? " (and \(NumberText.counted(others, "more image")))" : ""
      throw BalanceError(.data, first + more)
    }
  }
}
