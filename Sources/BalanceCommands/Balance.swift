public import ArgumentParser
import BalanceCore

/// The root command.
public struct Balance: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "balance",
    abstract: "Find out which remedy helps a classifier of images whose classes are unbalanced.",
    discussion: """
      How unbalanced is a dataset, and can its split be trusted? Which remedy (resampling, \
      another loss, both, neither) helps it, and what does the remedy cost? Start with

        balance demo                       the whole story on built-in images
        balance analyze PHOTOS             classes, imbalance, problems
        balance compare PHOTOS --out DIR   which remedy helps, as a report

      DATASET is a folder with one folder of images per class, a folder with train, val and test \
      inside, or any folder with a CSV file that names images and labels.

      Exit codes: 0 done, 64 options that make no sense, 65 data with a fault, 66 something \
      cannot be read, 73 something cannot be written, 74 standard output cannot be written, 71 \
      the machine has not enough threads or memory, 70 a fault of this program, 129, 130, 143 \
      stopped, 141 nobody reads on.
      """,
    version: BalanceVersion.current,
    subcommands: [
      DemoCommand.self, IndexCommand.self, AnalyzeCommand.self, SplitCommand.self,
      PlanCommand.self, TrainCommand.self, RateFindCommand.self, AdjustCommand.self,
      CompareCommand.self, RunsCommand.self, DiffCommand.self, EvaluateCommand.self,
      PredictCommand.self, ExportCommand.self, ImportCommand.self, WeightsCommand.self,
      CacheCommand.self, ValuesCommand.self,
    ])

  public init() {}
}
