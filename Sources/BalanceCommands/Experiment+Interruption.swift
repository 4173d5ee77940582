import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceTraining

extension Experiment {
  /// Runs the experiment, with a report in each run's folder, so that Ctrl-C saves the run under
  /// way.
  ///
  /// - Parameter tensorboard: whether runs write event files.
  func interruptibleRun(
    _ index: DatasetIndex, progress: any ProgressReporter,
    tensorboard: Bool = false
  ) throws -> Result {
    do {
      return try Interruption.withStopRequest { stop in
        try run(
          index, cacheFolder: index.cacheFolder, progress: progress, stop: stop
        ) { run, folder, threads in
          try RunObservers(
            run, folder: folder, threads: threads, tensorboard: tensorboard, progress: progress
          ).watch
        }
      }
    } catch let stopped as TrainingStopped {
      throw StoppedRun(stopped.position, goOn: "the same command")
    }
  }
}
