import ArgumentParser

/// Which split of the dataset a training uses.
struct SplitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The split (default: default).", valueName: "name"))
  var split: String?

  @Flag(help: "Train although groups or equal files are in several parts of the split.")
  var allowLeak = false
}
