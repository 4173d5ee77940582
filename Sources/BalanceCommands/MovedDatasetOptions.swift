import ArgumentParser

/// Where the dataset of a run that was begun earlier is now.
struct MovedDatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the run's dataset is now, if it has moved since.", valueName: "folder"),
    completion: .directory)
  var data: String?
}
