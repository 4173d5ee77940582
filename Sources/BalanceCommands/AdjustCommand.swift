import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceSampling
import BalanceTensors
import BalanceTraining
import Foundation

/// `balance adjust`
struct AdjustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adjust",
    abstract: "Correct a trained model's last layer against imbalance, without training.",
    discussion: """
      Writes another run, with the corrected weights, their predictions and their evaluation. \
      logit-adjustment takes TAU times the logarithm of the training shares off the logits, \
      tau-norm divides the rows of the last layer by their length to the power TAU, temperature \
      makes the probabilities fit the validation images and changes no prediction.

      EXAMPLES:
        balance adjust runs/plain --post-hoc logit-adjustment --out runs/adjusted
        balance adjust runs/plain --post-hoc tau-norm:0.7 --out runs/tau
        balance adjust runs/plain --post-hoc temperature --out runs/calibrated
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "logit-adjustment[:TAU], tau-norm[:TAU] (TAU is 1 unless given) or temperature.",
      valueName: "correction"))
  var postHoc: String

  @Option(help: ArgumentHelp("Where the new run's folder goes.", valueName: "folder"))
  var out: String

  @OptionGroup var moved: MovedDatasetOptions

  @Flag(help: "Replace the run at --out.")
  var force = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let base = try RunFolder(opening: URL(fileURLWithPath: folder))
    let progress = output.progress
    let trained = try TrainingRun(
      begunIn: base.url, dataset: moved.data, progress: progress
    ) { try DatasetIndex.prepare(root: $0, at: $1, threads: $2, progress: progress) }
    guard trained.configuration.remedy.postHoc == .none else {
      throw BalanceError(
        .usage, "has been corrected already, by \(trained.configuration.remedy.postHoc)",
        at: base.url.path,
        remedy: "name the run that it was made from")
    }
    let correction = try postHocCorrection(of: trained.configuration.settled)
    let run = try TrainingRun(
      trained.data, configuration: trained.configuration.with(postHoc: correction))
    if let warning = try run.effectivePrior().warning { progress.note("warning: \(warning)") }
    let writer = try RunFolderWriter(at: URL(fileURLWithPath: out), replacing: force)
    writer.noteForeignFiles(progress)
    let folder = try run.run(
      from: base, into: writer, pool: ComputePool(threads: run.configuration.threads))
    for note in try folder.record().notes?.suffix(1) ?? [] { progress.note("note: \(note)") }
    try StandardOutput.writeLine(EvaluationTable.text(try folder.evaluation()))
    try StandardOutput.writeLine("\nrun: \(Printable.line(folder.url.relativePath))")
  }

  /// What `--post-hoc` asks for, which makes sense with the rest.
  private func postHocCorrection(of trained: TrainingConfiguration) throws(BalanceError) -> PostHoc
  {
    var configuration = trained
    try configuration.set(option: "post-hoc", to: postHoc)
    guard configuration.remedy.postHoc != .none else {
      throw BalanceError(
        .usage, "'none' corrects nothing", at: "--post-hoc",
        remedy: "take logit-adjustment, tau-norm or temperature")
    }
    try configuration.validateOptions()
    return configuration.remedy.postHoc
  }
}
