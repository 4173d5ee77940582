import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceTensors
import BalanceTraining
import Foundation

/// `balance lr-find`
struct RateFindCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lr-find",
    abstract: "Suggest a learning rate, from a short training whose rate rises.",
    discussion: """
      The learning rate rises exponentially from --from to --to, a step at a time (Smith 2017). \
      Where the smoothed loss falls fastest is a good rate to start with; where it is lowest is \
      about the highest that still trains. Nothing is kept of the training.

      EXAMPLES:
        balance lr-find PHOTOS
        balance lr-find PHOTOS --model resnet20 --optimizer adamw --out rates.csv
      """)

  @OptionGroup var dataset: DatasetOptions

  @Option(help: ArgumentHelp("The first rate (default: 1e-6).", valueName: "rate"))
  var from: String?

  @Option(help: ArgumentHelp("The last rate (default: 10).", valueName: "rate"))
  var to: String?

  @Option(help: "Optimizer steps (default: those of an epoch, at least 100).")
  var steps: Int?

  @Option(help: ArgumentHelp("Write every step's rate and loss as CSV.", valueName: "file"))
  var out: String?

  @OptionGroup var part: SplitOptions

  @OptionGroup var settings: RunOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let progress = output.progress
    let (low, high) = try range()
    let configuration = try settings.configuration()
    let index = try dataset.prepare(threads: configuration.threadCount, progress: progress)
    let place = try out.map { path throws(BalanceError) in
      let tables = try index.source()?.tables(in: index.root) ?? []
      return try OutputPlace(path, sparing: inputs(index, tables, configuration))
    }
    let run = try TrainingRun(
      index, split: part.split, allowLeak: part.allowLeak, configuration: configuration,
      progress: progress)
    let trainer = try Trainer(run, pool: ComputePool(threads: run.configuration.threads))
    let test = try trainer.rangeTest(
      from: low, to: high, steps: steps ?? max(100, trainer.stepsPerEpoch), progress: progress)
    try place?.write(test.csv)
    try StandardOutput.writeLine(RatePlot.text(test))
    try StandardOutput.writeLine(Self.verdict(test, high: high))
  }

  /// The files that it reads besides images.
  private func inputs(
    _ index: DatasetIndex, _ tables: [URL], _ configuration: TrainingConfiguration
  ) -> [URL] {
    let named = [settings.training.manifest, configuration.tuning.initialWeights].compactMap(\.self)
    return [index.location] + named.map { URL(fileURLWithPath: $0) } + tables
  }

  private func range() throws(BalanceError) -> (low: Double, high: Double) {
    let low = try Self.rate(from ?? "1e-6", option: "--from")
    let high = try Self.rate(to ?? "10", option: "--to")
    guard low < high else {
      throw BalanceError(
        .usage, "\(low) to \(high) does not rise", at: "--from", remedy: "make --from the smaller")
    }
    if let steps, steps < 10 || steps > 1_000_000 {
      throw BalanceError(
        .usage, "expected a whole number from 10 to 1000000, found '\(steps)'", at: "--steps")
    }
    return (low, high)
  }

  private static func rate(_ text: String, option: String) throws(BalanceError) -> Double {
    guard let rate = Double(text), rate > 0, rate <= 1000 else {
      throw BalanceError(
        .usage, "expected a number above 0, at most 1000, found '\(text)'", at: option)
    }
    return rate
  }

  /// The suggestion with its reason.
  static func verdict(_ test: RateRangeTest, high: Double) -> String {
    let end =
      test.diverged
      ? String(format: "the loss grew out of bounds at %.2g", test.points.last?.rate ?? high)
      : String(format: "the loss stayed within bounds up to %.2g", high)
    guard let suggestion = test.suggestion else {
      return "no suggestion: the loss did not fall at any rate; \(end). More --steps may help."
    }
    return String(
      format:
        "suggestion: --lr %.2g, where the smoothed loss falls fastest (by %.2g with each tenfold "
        + "of the rate). It is lowest at %.2g, and ",
      suggestion.rate, suggestion.fall, suggestion.lowest) + end + "."
  }
}
