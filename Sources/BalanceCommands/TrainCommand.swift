import ArgumentParser
import BalanceCore
import Foundation
import Sampling
import Tensors
import Training

/// `balance train`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one classifier and write a run folder.",
    discussion: """
      The strategy says which images are drawn, the loss how mistakes count. Whatever the \
      strategy, an epoch draws as many images as the training set has. The run folder holds \
      settings, history, weights, predictions and evaluation; it appears when it is complete.

      EXAMPLES:
        balance train PHOTOS --out runs/plain
        balance train PHOTOS --strategy oversample --augment flip --out runs/over
        balance train PHOTOS --strategy weighted --loss focal --model resnet20 \\
          --epochs 30 --seed 0 --out runs/focal
        balance train PHOTOS --loss ldam --class-weights effective-number \\
          --defer-weights 25 --epochs 30 --out runs/ldam-drw
      """)

  @OptionGroup var dataset: DatasetOptions

  @Option(help: ArgumentHelp("Where the run folder goes.", valueName: "folder"))
  var out: String

  @Option(help: "none, undersample, weighted[:EXPONENT] or oversample (default: none)")
  var strategy: String?

  @Option(
    help: ArgumentHelp(
      "cross-entropy, focal[:GAMMA], label-smoothing[:EPSILON], ldam[:MARGIN:SCALE], "
        + "balanced-softmax[:TAU], … (default: cross-entropy)", valueName: "loss"))
  var loss: String?

  @Option(
    help: ArgumentHelp(
      "none, inverse-frequency, effective-number[:BETA] or custom:W1,W2,… (default: none)",
      valueName: "weights"))
  var classWeights: String?

  @Option(
    help: ArgumentHelp(
      "From this epoch on class weights hold; before it all images count alike.",
      valueName: "epoch"))
  var deferWeights: String?

  @Option(help: "Seed of everything that is random (default: 0).")
  var seed: String?

  @Option(help: ArgumentHelp("The split (default: default).", valueName: "name"))
  var split: String?

  @Flag(help: "Train although groups or equal files stand in several parts of the split.")
  var allowLeak = false

  @Flag(help: "Replace the run that stands at --out.")
  var force = false

  @OptionGroup var training: TrainingOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let progress = output.progress
    var configuration = try training.configuration()
    let given = [
      ("strategy", strategy), ("loss", loss), ("class-weights", classWeights),
      ("defer-weights", deferWeights), ("seed", seed),
    ]
    for case (let name, let text?) in given { try configuration.set(option: name, to: text) }
    try configuration.checkOptions()

    let writer = try RunFolderWriter(at: URL(fileURLWithPath: out), replacing: force)
    defer { writer.cancel() }
    let loaded = try dataset.load(
      configuration, split: split, allowLeak: allowLeak, progress: progress)
    let run = TrainingRun(loaded, configuration: configuration)
    let pool = ComputePool(threads: run.configuration.threads)
    try Self.explain(run, progress: progress)
    let folder = try run.run(into: writer, pool: pool, observers: [ProgressObserver(progress)])
    try Self.summarize(folder)
  }

  /// The plan's audit, and a warning where the imbalance is corrected twice.
  private static func explain(_ run: TrainingRun, progress: TerminalProgress) throws {
    let audit = try run.audit()
    progress.note(audit.table().trimmingCharacters(in: .newlines) + "\n")
    if let warning = try run.effectivePrior().warning { progress.note("warning: \(warning)") }
  }

  private static func summarize(_ folder: RunFolder) throws {
    print(EvaluationTable.text(try folder.evaluation()))
    print("\nrun: \(folder.url.relativePath)")
  }
}

extension TrainingConfiguration {
  /// The threads to use, 0 being all cores.
  var threadCount: Int { threads == 0 ? ComputePool.availableCores : threads }
}
