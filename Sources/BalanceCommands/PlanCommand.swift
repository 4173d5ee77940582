import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceSampling
import BalanceTraining
import Foundation

/// `balance plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a sampling strategy would draw, class by class.",
    discussion: """
      Nothing is trained. A plan depends on strategy, seed and epoch only. Without --natural an \
      epoch has as many draws as there are training images, as in training.

      EXAMPLES:
        balance plan PHOTOS --strategy oversample
        balance plan PHOTOS --strategy undersample --natural
        balance plan PHOTOS --strategy weighted:0.5 --epoch 3 --json
      """)

  @OptionGroup var dataset: DatasetOptions

  @Option(help: ArgumentHelp("\(SamplingStrategy.grammar.usage).", valueName: "strategy"))
  var strategy = "none"

  @Option(help: "Which epoch, from 0.")
  var epoch = 0

  @Option(help: "Of how many: some strategies change over a run.")
  var epochs = TrainingConfiguration().epochs

  @Flag(help: "One pass of the strategy, however many draws it has.")
  var natural = false

  @Option(help: "Seed of the draws.", transform: SeedText.parse)
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The split (default: default).", valueName: "name"))
  var split: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard epoch >= 0 else { throw ValidationError("--epoch counts from 0") }
    guard epochs >= 1 else { throw ValidationError("--epochs is at least 1") }
    guard epoch < epochs else {
      throw ValidationError("--epoch \(epoch) is not one of \(epochs) counted from 0; see --epochs")
    }
  }

  func run() throws {
    let progress = output.progress
    let strategy = try chosenStrategy()
    let index = try dataset.prepare(progress: progress)
    // Looking at a plan needs no clean split; training does.
    let data = try TrainingData(index, split: split, allowLeak: true)
    for note in data.notes { progress.note("note: \(note)") }
    let labels = data.images[data.training].map(\.label)
    let planner = try EpochPlanner(
      SamplingSchedule(constant: strategy, epochs: epochs), labels: labels,
      classCount: data.classNames.count, seed: seed)
    let plan = try planner.plan(
      epoch: epoch, length: natural ? .natural : .draws(labels.count))
    let audit = PlanAudit(plan: plan, labels: labels, classNames: data.classNames)
    if json {
      try StandardOutput.write(json: audit)
    } else {
      try StandardOutput.write(audit.table())
    }
  }

  private func chosenStrategy() throws(BalanceError) -> SamplingStrategy {
    do { return try SamplingStrategy(parsing: strategy) } catch {
      throw error.located(at: "--strategy")
    }
  }
}
