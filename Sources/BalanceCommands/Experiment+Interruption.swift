import BalanceCore
import Datasets
import Experiments
import Training

extension Experiment {
  /// Runs the experiment, so that Ctrl-C saves the run under way.
  func interruptibleRun(
    _ index: DatasetIndex, threads: Int, progress: any BalanceCore.ProgressReporting
  ) throws -> Result {
    do {
      return try Interruption.withStopRequest { stop in
        try run(
          index, cacheFolder: index.cacheFolder, threads: threads, progress: progress, stop: stop)
      }
    } catch let stopped as TrainingStopped {
      throw StoppedRun(stopped.position, goOn: "the same command")
    }
  }
}
