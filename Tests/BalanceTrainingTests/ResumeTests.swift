import BalanceCore
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// A run that is cut off and goes on ends as if nothing had happened.
@Suite struct ResumeTests {
  /// Asks for a stop after a step.
  private final class Stopper: TrainingObserver {
    let stop = StopRequest()
    private let step: Int
    private(set) var events: [String] = []

    /// - Parameter step: from 0, over all epochs; -1 stops before the first.
    init(after step: Int) {
      self.step = step
      if step < 0 { stop.stop() }
    }

    func observe(_ event: TrainingEvent) {
      switch event {
      case .stepEnded(let event): if event.step == step { stop.stop() }
      case .stopped(let event): events.append("stopped \(event.position.step)")
      case .runBegan(let event): events.append("began \(event.firstStep)")
      default: break
      }
    }
  }

  static let recipes: [[String: String]] = [
    [
      "optimizer": "adamp", "ema": "0.9", "strategy": "weighted", "augment": "crop:1,flip",
      "schedule": "cosine",
    ],
    ["loss": "ldam", "class-weights": "effective-number", "defer-weights": "3"],
    [
      "schedule": "reduce-on-plateau:macro-f1:0.5:0", "keep": "best",
      "early-stopping": "accuracy:2",
    ],
    [
      "accumulate": "2", "batch-size": "5", "clip": "norm:1", "ema": "0.5:copy",
      "keep": "best:loss",
    ],
    ["model": "layers: conv 8, global-average, dropout 0.5, linear", "optimizer": "adamw"],
    [
      "strategy": "oversample", "defer-strategy": "3", "schedule": "one-cycle",
      "schedule-by": "step",
    ],
  ]

  private func configuration(_ settings: [String: String]) throws -> TrainingConfiguration {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    return configuration
  }

  func bytes(_ run: RunFolder) throws -> [Data] {
    try [.weights, .predictions, .validation, .evaluation, .model].map { (file: RunFolder.File) in
      try Data(contentsOf: run.location(file))
    }
  }

  @Test(arguments: recipes.indices)
  func goesOnAfterAnyStep(recipe: Int) throws {
    try Pictures.with { pictures in
      let configuration = try configuration(Self.recipes[recipe])
      let run = try pictures.training(configuration)
      let pool = try ComputePool(threads: 1)
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: pool, observers: [])
      let (expected, steps) = (try bytes(whole), try whole.record().optimizerSteps)
      try #require(steps > 8)
      for step in [-1, 0, 1, steps / 2, steps - 2, steps - 1] {
        let place = pictures.run("cut-\(step)")
        let stopper = Stopper(after: step)
        let stopped = #expect(throws: TrainingStopped.self) {
          try run.run(
            into: RunFolderWriter(at: place), pool: pool, observers: [stopper], stop: stopper.stop)
        }
        #expect(stopped?.position.step == step + 1)
        #expect(stopper.events == ["began 0", "stopped \(step + 1)"])
        #expect(RunFolder.isUnfinished(place) && !RunFolder.isRun(place))
        let second = Stopper(after: steps)
        let resumed = try run.run(
          into: RunFolderWriter(resuming: place), pool: pool, observers: [second])
        #expect(second.events == ["began \(step + 1)"])
        #expect(try bytes(resumed) == expected, "stopped after step \(step)")
        let record = try resumed.record()
        let notes = record.notes ?? []
        #expect(notes.contains { $0.hasSuffix("went on from step \(step + 1)") })
        #expect(record.optimizerSteps == steps)
        #expect(try record.drawsPerClass == whole.record().drawsPerClass)
        let left = try FileManager.default.contentsOfDirectory(atPath: place.path)
        #expect(!left.contains("checkpoint.safetensors"))
      }
    }
  }

  /// A step of many batches is not waited for: it is undone, and done again by the run that goes
  /// on.
  @Test func stopsWithinAStep() throws {
    try Pictures.with { pictures in
      let run = try plainRun(
        pictures, ["model": "resnet20", "epochs": "1", "batch-size": "2", "accumulate": "100"])
      let pool = try ComputePool(threads: 1)
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: pool, observers: [])
      final class Soon: TrainingObserver {
        let stop = StopRequest()
        private(set) var isHeeded = false
        func observe(_ event: TrainingEvent) throws {
          guard case .epochBegan = event else { return }
          isHeeded = stop.isHeeded
          let stop = stop
          try SystemThread {
            usleep(3000)
            stop.stop()
          }.detach()
        }
      }
      // On a busy machine the stop may come when the step is over: then once more.
      var place = pictures.run("cut")
      var stopped: TrainingStopped?
      for attempt in 0..<20 where stopped?.position.step != 0 {
        let soon = Soon()
        place = pictures.run("cut-\(attempt)")
        do {
          _ = try run.run(
            into: RunFolderWriter(at: place), pool: pool, observers: [soon], stop: soon.stop)
        } catch let error as TrainingStopped {
          stopped = error
        }
        #expect(soon.isHeeded && !soon.stop.isHeeded)
      }
      #expect(stopped?.position.step == 0)
      let resumed = try run.run(into: RunFolderWriter(resuming: place), pool: pool, observers: [])
      #expect(try bytes(resumed) == bytes(whole))
    }
  }

  /// A stop that comes while the test images are predicted leaves a run that can go on.
  @Test func stopsAfterTheTraining() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      final class AtTheEnd: TrainingObserver {
        let stop = StopRequest()
        func observe(_ event: TrainingEvent) throws {
          if case .runEnded = event { stop.stop() }
        }
      }
      let end = AtTheEnd()
      let place = pictures.run("run")
      #expect(throws: TrainingStopped.self) {
        try run.run(
          into: RunFolderWriter(at: place), pool: ComputePool(threads: 1), observers: [end],
          stop: end.stop)
      }
      #expect(RunFolder.isUnfinished(place))
      let resumed = try run.run(
        into: RunFolderWriter(resuming: place), pool: ComputePool(threads: 1), observers: [])
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try bytes(resumed) == bytes(whole))
    }
  }

  /// The head alone, on features that are computed once.
  @Test func goesOnWithAFrozenBackbone() throws {
    try Pictures.with { pictures in
      let first = try configuration([:])
      let pool = try ComputePool(threads: 1)
      let base = try pictures.training(first).run(
        into: RunFolderWriter(at: pictures.run("base")), pool: pool, observers: [])
      let configuration = try configuration([
        "init": base.url.path, "freeze": "backbone", "new-head": "true", "unfreeze-at": "3",
      ])
      let run = try pictures.training(configuration)
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: pool, observers: [])
      for step in [3, 9, 12] {
        let stopper = Stopper(after: step)
        let place = pictures.run("cut-\(step)")
        #expect(throws: TrainingStopped.self) {
          try run.run(
            into: RunFolderWriter(at: place), pool: pool, observers: [stopper], stop: stopper.stop)
        }
        let resumed = try run.run(
          into: RunFolderWriter(resuming: place), pool: pool, observers: [])
        #expect(try bytes(resumed) == bytes(whole), "stopped after step \(step)")
        let notes = try resumed.record().notes ?? []
        #expect(try notes.dropLast() == (whole.record().notes ?? [])[...])
      }
    }
  }

  /// Stops a run after some steps and gives its folder.
  func cut(_ pictures: Pictures, _ run: TrainingRun, after step: Int = 6) throws -> URL {
    let place = pictures.run("run")
    let stopper = Stopper(after: step)
    #expect(throws: TrainingStopped.self) {
      try run.run(
        into: RunFolderWriter(at: place), pool: ComputePool(threads: 1), observers: [stopper],
        stop: stopper.stop)
    }
    return place
  }

  func plainRun(_ pictures: Pictures, _ settings: [String: String] = [:]) throws
    -> TrainingRun
  {
    let configuration = try configuration(settings)
    return try pictures.training(configuration)
  }

  @Test func anotherRunIsRefused() throws {
    try Pictures.with { pictures in
      let place = try cut(pictures, plainRun(pictures))
      func refusal(_ run: TrainingRun) throws -> String {
        let error = #expect(throws: BalanceError.self) {
          try run.run(
            into: RunFolderWriter(resuming: place), pool: ComputePool(threads: 1), observers: [])
        }
        return error.map { "\($0)" } ?? ""
      }
      #expect(try refusal(plainRun(pictures, ["lr": "0.01"])).contains("the setting 'lr'"))
      #expect(try refusal(plainRun(pictures, ["ema": "0.9"])).contains("the setting 'ema'"))
      try Pictures.png(label: 0, index: 77).write(
        to: pictures.root.appendingPathComponent("bright/0.png"))
      #expect(
        try refusal(plainRun(pictures)).contains("1 file has other contents ('bright/0.png')"))
      // The run is still there.
      #expect(RunFolder.isUnfinished(place))
    }
  }

  @Test func unfinishedRunsAreNotOverwrittenByAccident() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      let place = try cut(pictures, run)
      let error = #expect(throws: BalanceError.self) { try RunFolderWriter(at: place) }
      #expect(error?.remedy?.contains("--resume") == true)
      let opening = #expect(throws: BalanceError.self) { try RunFolder(opening: place) }
      #expect(opening?.remedy?.contains("--resume") == true)
      // Two at once.
      let writer = try RunFolderWriter(resuming: place)
      let second = #expect(throws: BalanceError.self) { try RunFolderWriter(resuming: place) }
      #expect(second?.what.contains("another process") == true)
      writer.cancel()
      #expect(FileManager.default.fileExists(atPath: place.path + "/checkpoint.safetensors"))
    }
  }

  @Test func finishedRunsAreNotResumed() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      let folder = try run.run(
        into: RunFolderWriter(at: pictures.run("run")), pool: ComputePool(threads: 1), observers: []
      )
      let error = #expect(throws: BalanceError.self) { try RunFolderWriter(resuming: folder.url) }
      #expect(error?.what.contains("finished") == true)
      #expect(throws: BalanceError.self) { try RunFolderWriter(resuming: pictures.root) }
    }
  }

  /// What is where the checkpoint should go cannot be replaced: as when a disk is full, the run
  /// stops with the system's reason.
  @Test func aCheckpointThatCannotBeWrittenStopsTheRun() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      let writer = try RunFolderWriter(at: pictures.run("run"))
      final class Obstacle: TrainingObserver {
        let place: URL
        init(_ place: URL) { self.place = place }
        func observe(_ event: TrainingEvent) throws {
          if case .runBegan = event {
            try FileManager.default.createDirectory(
              at: place.appendingPathComponent("x"), withIntermediateDirectories: true)
          }
        }
      }
      let error = #expect(throws: BalanceError.self) {
        try run.run(
          into: writer, pool: ComputePool(threads: 1),
          observers: [Obstacle(writer.location(.checkpoint))], checkpointInterval: 0)
      }
      #expect(error?.code == .cannotCreate)
      #expect(error?.remedy?.contains("--resume") == true)
    }
  }

  /// What observers have written of an epoch's end is not written twice by a run that is killed
  /// then and goes on.
  @Test func noCheckpointStandsBetweenAnEpochsLastStepAndItsEnd() throws {
    try Pictures.with { pictures in
      final class Watcher: TrainingObserver {
        let checkpoint: URL
        private(set) var epochs = 0
        private var latest: Data?

        init(_ checkpoint: URL) { self.checkpoint = checkpoint }

        // The checkpoint is written after this observer has seen an event.
        func observe(_ event: TrainingEvent) throws {
          switch event {
          case .stepEnded:
            latest = try? Data(contentsOf: checkpoint)
            // Saving is held to a small share of the time; now it is due.
            usleep(100_000)
          case .epochEnded:
            epochs += 1
            #expect(latest != nil)
            #expect(try Data(contentsOf: checkpoint) == latest)
          default: break
          }
        }
      }
      let run = try plainRun(pictures)
      let writer = try RunFolderWriter(at: pictures.run("run"))
      let watcher = Watcher(writer.location(.checkpoint))
      _ = try run.run(
        into: writer, pool: ComputePool(threads: 1), observers: [watcher], checkpointInterval: 0)
      #expect(watcher.epochs > 1)
    }
  }

  @Test func aRunThatDivergesNamesItsLastGoodCheckpoint() throws {
    try Pictures.with { pictures in
      let run = try plainRun(
        pictures, ["lr": "1000", "weight-decay": "1000", "epochs": "50", "schedule": "constant"])
      let place = pictures.run("run")
      let error = #expect(throws: BalanceError.self) {
        try run.run(
          into: RunFolderWriter(at: place), pool: ComputePool(threads: 1), observers: [],
          checkpointInterval: 0)
      }
      let checkpoint = place.appendingPathComponent("checkpoint.safetensors").path
      #expect(error?.what.contains("the loss became not a number at step") == true)
      #expect(error?.remedy?.contains("--init \(checkpoint)") == true)
      // It is good: another run begins from it.
      let next = try plainRun(pictures, ["init": checkpoint, "lr": "1e-6"])
      _ = try Trainer(next, pool: ComputePool(threads: 1))
    }
  }

  @Test func aCheckpointServesAsWeights() throws {
    try Pictures.with { pictures in
      let place = try cut(pictures, plainRun(pictures))
      let checkpoint = place.appendingPathComponent("checkpoint.safetensors").path
      let next = try plainRun(pictures, ["init": checkpoint, "lr": "0.01"])
      let folder = try next.run(
        into: RunFolderWriter(at: pictures.run("next")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try folder.record().notes?.first?.contains("are taken over") == true)
    }
  }
}
