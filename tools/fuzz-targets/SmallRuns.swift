import BalanceCore
import BalanceDatasets
import BalanceTensors
import BalanceTraining
import Foundation

/// A dataset of some digits, a run that is finished and one that was cut off, in a folder.
struct SmallRuns {
  let index: URL
  let finished: URL
  let unfinished: URL
  private let root: URL
  private let run: TrainingRun
  private let pool: ComputePool

  /// Makes them within a second.
  init(in folder: URL) throws {
    pool = try ComputePool(threads: 1)
    root = folder.appendingPathComponent("digits")
    var digits = LongTailedDigits()
    digits.maximum = 10
    digits.imbalanceRatio = 10
    digits.validation = 1
    digits.test = 1
    try digits.write(to: root)
    index = DatasetIndex.defaultLocation(root: root)
    let opened = try DatasetIndex.prepare(root: root, threads: 1, progress: SilentProgress())
    _ = try opened.provideDefaultSplit()
    var configuration = TrainingConfiguration()
    for (name, value) in [("epochs", "2"), ("batch-size", "16"), ("threads", "1"), ("ema", "0.9")] {
      try configuration.set(name, to: value)
    }
    run = try TrainingRun(
      TrainingData(opened), configuration: configuration,
      cacheFolder: folder.appendingPathComponent("pixels"))
    finished = folder.appendingPathComponent("finished")
    unfinished = folder.appendingPathComponent("unfinished")
    _ = try run.run(into: RunFolderWriter(at: finished), pool: pool, observers: [])
    try step(RunFolderWriter(at: unfinished))
  }

  /// Goes on with the run that was cut off, for a step.
  func resume() throws {
    try step(RunFolderWriter(resuming: unfinished))
  }

  private func step(_ writer: RunFolderWriter) throws {
    let stop = StopRequest()
    do {
      _ = try run.run(
        into: writer, pool: pool, observers: [AfterAStep(stop)], stop: stop)
    } catch is TrainingStopped {}
  }

  private final class AfterAStep: TrainingObserver {
    private let request: StopRequest

    init(_ request: StopRequest) { self.request = request }

    func observe(_ event: TrainingEvent) {
      if case .stepEnded = event { request.stop() }
    }
  }
}
