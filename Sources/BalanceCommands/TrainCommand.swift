import ArgumentParser
import BalanceCore
import BalanceExperiments
import BalanceSampling
import BalanceTensors
import BalanceTraining
import Foundation

/// `balance train`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one classifier and write a run folder.",
    usage:
      "balance train <dataset> --out <folder> [<options>]\n       balance train --resume <run>",
    discussion: """
      The strategy says which images are drawn, the loss how mistakes count. Whatever the \
      strategy, an epoch draws as many images as the training set has. The run folder holds \
      settings, history, weights, predictions and evaluation, and a checkpoint as long as the run \
      goes on. Its report.html can be opened in a browser at once: it follows the run. After \
      Ctrl-C, a crash or a power cut, --resume goes on from the checkpoint, under the settings that \
      the run was begun with, and ends with the weights of an uninterrupted run.

      EXAMPLES:
        balance train PHOTOS --out runs/plain
        balance train PHOTOS --strategy oversample --augment flip --out runs/over
        balance train PHOTOS --strategy weighted --loss focal --model resnet20 \\
          --epochs 30 --seed 0 --out runs/focal
        balance train PHOTOS --loss ldam --class-weights effective-number \\
          --defer-weights 25 --epochs 30 --out runs/ldam-drw
        balance train --resume runs/plain
        balance train --resume runs/plain --data /mnt/moved/PHOTOS
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String?

  @OptionGroup var place: IndexOptions

  @Option(help: ArgumentHelp("Where the run folder goes.", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp("Go on with a run that was cut off.", valueName: "run"),
    completion: .directory)
  var resume: String?

  @OptionGroup var moved: MovedDatasetOptions

  @Option(
    help: ArgumentHelp(
      "Seconds of training between checkpoints, at least.", valueName: "seconds"))
  var checkpointEvery = 60.0

  @OptionGroup var part: SplitOptions

  @Flag(help: "Replace the run at --out.")
  var force = false

  @OptionGroup var settings: RunOptions
  @OptionGroup(title: "Watching") var log: LogOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (0...1e9).contains(checkpointEvery) else {
      throw ValidationError("--checkpoint-every expects seconds, from 0 up")
    }
    if resume == nil {
      guard moved.data == nil else {
        throw ValidationError("--data says where the dataset of a run is that --resume names")
      }
      guard dataset != nil else { throw ValidationError("Missing expected argument '<dataset>'") }
      guard out != nil else { throw ValidationError("Missing expected argument '--out <folder>'") }
      return
    }
    let others =
      [dataset, out, part.split, settings.training.manifest].contains { $0 != nil }
      || part.allowLeak || force || !settings.isEmpty
    guard !others else {
      throw ValidationError(
        "--resume goes on under the settings that the run was begun with: give no dataset, --out or "
          + "settings; --data says where the dataset is now")
    }
  }

  func run() throws {
    let progress = try log.begin(output)
    if let resume { return try self.resume(URL(fileURLWithPath: resume), progress: progress) }
    var configuration = try settings.configuration()
    // The run may be resumed from any folder.
    configuration.tuning.initialWeights = configuration.tuning.initialWeights.map {
      URL(fileURLWithPath: $0).path
    }
    let writer = try RunFolderWriter(at: URL(fileURLWithPath: out ?? ""), replacing: force)
    defer { writer.cancel() }
    writer.noteForeignFiles(progress)
    let index = try place.prepare(
      URL(fileURLWithPath: dataset ?? "", isDirectory: true), threads: configuration.threadCount,
      progress: progress)
    let run = try TrainingRun(
      index, split: part.split, allowLeak: part.allowLeak, configuration: configuration,
      progress: progress)
    try Self.explain(run, progress: progress)
    try train(run, into: writer, progress: progress)
  }

  private func resume(_ folder: URL, progress: any ProgressReporter) throws {
    let writer = try RunFolderWriter(resuming: folder)
    let run = try TrainingRun(
      begunIn: folder, dataset: moved.data, progress: progress
    ) {
      try place.prepare($0, elsewhere: $1, threads: $2, progress: progress)
    }
    progress.note(
      writer.checkpoint == nil
        ? "note: the run was cut off before its first checkpoint, and starts again"
        : "note: the run goes on from its checkpoint")
    try train(run, into: writer, progress: progress)
  }

  private func train(
    _ run: TrainingRun, into writer: RunFolderWriter, progress: any ProgressReporter
  ) throws {
    let pool = try ComputePool(threads: run.configuration.threads)
    let observers = try RunObservers(
      run, folder: writer.url, threads: pool.threads, tensorboard: log.tensorboard,
      progress: progress)
    let view = (progress as? TerminalProgress).map { [ProgressObserver($0)] } ?? []
    let folder: RunFolder
    do {
      folder = try Interruption.withStopRequest { stop in
        try run.run(
          into: writer, pool: pool, observers: view + observers.all,
          checkpointInterval: checkpointEvery, stop: stop)
      }
    } catch let stopped as TrainingStopped {
      throw StoppedRun(
        stopped.position, goOn: "balance train --resume \(ShellText.word(writer.url.relativePath))")
    }
    try observers.finish(folder)
    try StandardOutput.writeLine(EvaluationTable.text(try folder.evaluation()))
    try StandardOutput.writeLine("\nrun: \(Printable.line(folder.url.relativePath))")
  }

  /// The plans' audits, and a warning where the imbalance is corrected twice.
  private static func explain(_ run: TrainingRun, progress: any ProgressReporter)
    throws
  {
    for audit in try run.audits() {
      let head =
        audit.epoch == 0 ? "" : "from epoch \(audit.epoch + 1) of \(run.configuration.epochs) on: "
      progress.note(lines: (head + audit.table()).components(separatedBy: "\n"))
    }
    if let warning = try run.effectivePrior().warning { progress.note("warning: \(warning)") }
  }
}

extension RunFolderWriter {
  /// Says what stays in a folder whose run is replaced.
  func noteForeignFiles(_ progress: any ProgressReporter) {
    guard let first = foreignFiles.first else { return }
    let others = foreignFiles.count > 1 ? " and \(foreignFiles.count - 1) more" : ""
    progress.note("note: \(first.debugDescription)\(others) in the folder stay: they are no run's")
  }
}
