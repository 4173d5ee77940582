import BalanceCore
import BalanceDatasets
import BalanceLoading
import BalanceMetrics
import BalanceNetworks
import BalanceSampling
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct RunFolderTests {
  private func train(_ pictures: Pictures, _ configuration: TrainingConfiguration, _ name: String)
    throws -> RunFolder
  {
    try pictures.training(configuration).run(
      into: RunFolderWriter(at: pictures.run(name)),
      pool: ComputePool(threads: configuration.threads), observers: [])
  }

  private func bytes(_ run: RunFolder, _ file: RunFolder.File) throws -> Data {
    try Data(contentsOf: run.location(file))
  }

  @Test(arguments: [1, 2])
  func sameSeedGivesTheSameBytes(threads: Int) throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.threads = threads
        $0.remedy.strategy = .oversample
        $0.images.augmentation = Augmentation([PaddedCrop(padding: 1), HorizontalFlip()])
      }
      let first = try train(pictures, configuration, "a")
      let second = try train(pictures, configuration, "b")
      for file in [RunFolder.File.weights, .predictions, .validation, .evaluation, .model] {
        #expect(try bytes(first, file) == bytes(second, file), "\(file)")
      }
      let other = try train(
        pictures,
        Pictures.configuration {
          $0.seed = 1
          $0.threads = threads
        }, "c")
      #expect(try bytes(first, .weights) != bytes(other, .weights))
    }
  }

  @Test func folderHoldsWhatItTakes() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let files = try FileManager.default.contentsOfDirectory(atPath: run.url.path)
      #expect(
        Set(files)
          == Set(RunFolder.File.allCases.map(\.rawValue)).subtracting(["checkpoint.safetensors"]))
      let record = try run.record()
      #expect(record.name == "run")
      #expect(record.strategy == "none" && record.loss == "cross-entropy")
      #expect(record.settings["image-size"] == "8" && record.settings["channels"] == "1")
      #expect(record.settings["threads"] == nil && record.machine.threads == 1)
      #expect(record.trainingCounts.names == ["bright", "dark", "grey"])
      #expect(record.imagesDrawn == 4 * record.trainingCounts.total)
      #expect(record.distinctPerClass == record.trainingCounts.counts)
      let again = Evaluation(try run.predictions(), trainingCounts: record.trainingCounts)
      #expect(try CanonicalJSON.encode(again) == bytes(run, .evaluation))
      // Nothing is left beside it.
      let siblings = try FileManager.default.contentsOfDirectory(
        atPath: run.url.deletingLastPathComponent().path)
      #expect(siblings == ["run"])
    }
  }

  @Test func weightsPredictTheSameAgain() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let table = try Reprediction(run, record: run.record()).predict(
        .ownTest, of: pictures.index(), threads: 1,
        cacheFolder: pictures.root.deletingLastPathComponent().appendingPathComponent("cache"),
        progress: SilentProgress())
      #expect(table == (try run.predictions()))
      // Several batches, the last one short, and a file in the middle that is not there.
      var paths = table.images.map { pictures.root.appendingPathComponent($0).path }
      paths.insert("/nowhere.png", at: 2)
      var probabilities: [Float] = []
      var failures: [String] = []
      let predictor = try ImagePredictor(run, batchSize: 3, threads: 2)
      try predictor.predict(paths) { path, outcome in
        switch outcome {
        case .success(let values): probabilities += values
        case .failure: failures.append(path)
        }
      }
      #expect(failures == ["/nowhere.png"])
      #expect(probabilities.count == table.probabilities.count)
      #expect(zip(probabilities, table.probabilities).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// Files take the way of the cache's pixels: in batches of the run's size, to the bit.
  @Test(arguments: [1, 3])
  func filesArePredictedToTheBit(channels: Int) throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration { $0.images.channels = channels }
      let run = try train(pictures, configuration, "run")
      let table = try run.predictions()
      let paths = table.images.map { pictures.root.appendingPathComponent($0).path }
      var probabilities: [Float] = []
      try ImagePredictor(run, batchSize: configuration.batchSize, threads: 1)
        .predict(paths) { _, outcome in probabilities += try outcome.get() }
      #expect(probabilities == table.probabilities)
    }
  }

  @Test func existingRunIsKeptUnlessReplaced() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let before = try bytes(run, .record)
      let error = try #require(throws: BalanceError.self) { try RunFolderWriter(at: run.url) }
      #expect(error.code == .cannotCreate && error.remedy?.contains("--force") == true)
      // A replacement that is given up leaves the old run.
      try RunFolderWriter(at: run.url, replacing: true).cancel()
      #expect(try bytes(run, .record) == before)
      #expect(throws: BalanceError.self) {
        try RunFolderWriter(at: pictures.root, replacing: true)
      }
    }
  }

  /// A run is replaced, and given up, file by file: what the user has put beside it stays.
  @Test func filesOfTheUserStay() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let own = ["notes.txt", ".hidden.tmp", "figures/plot.png", "weights.csv"]
      for name in own {
        let url = run.url.appendingPathComponent(name)
        try AtomicFile.makeFolder(url.deletingLastPathComponent())
        try Data(name.utf8).write(to: url)
      }
      try Data().write(to: run.url.appendingPathComponent(".weights.safetensors.123.tmp"))
      let configuration = Pictures.configuration { $0.seed = 1 }
      do {
        let writer = try RunFolderWriter(at: run.url, replacing: true)
        #expect(writer.foreignFiles == [".hidden.tmp", "figures", "notes.txt", "weights.csv"])
        _ = try pictures.training(configuration).run(
          into: writer, pool: ComputePool(threads: 1), observers: [])
      }
      #expect(try run.record().seed == 1)
      // A run that is given up removes its own files, and the folder only if it has made it.
      do {
        let writer = try RunFolderWriter(at: run.url, replacing: true)
        try writer.begin(RunOrigin(reading: run.url))
        writer.cancel()
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: run.url.path)
      #expect(left.sorted() == [".hidden.tmp", "figures", "notes.txt", "weights.csv"])
      for name in own {
        #expect(try Data(contentsOf: run.url.appendingPathComponent(name)) == Data(name.utf8))
      }
    }
  }

  /// Of several that want a folder at the same moment one gets it, and the others leave it alone; a
  /// folder that its maker gives up is not worked in by who waited for it.
  @Test func oneOfManyGetsTheFolder() throws {
    try Pictures.with { pictures in
      for round in 0..<60 {
        let place = pictures.run("run-\(round)")
        let writers = Writers()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in writers.add(at: place) }
        #expect(writers.count == 1)
        #expect(FileManager.default.fileExists(atPath: place.path))
        let next = Writers()
        DispatchQueue.concurrentPerform(iterations: 2) { number in
          if number == 0 { writers.cancel() } else { next.add(at: place) }
        }
        guard let writer = next.first else { continue }
        try writer.write(Data("x".utf8), .history)
        #expect(FileManager.default.fileExists(atPath: place.path + "/history.csv"))
      }
    }
  }

  /// Who only looks whether a folder is busy, as `balance runs` does, drives nobody out of it.
  @Test func aLookAtAFolderIsNoWork() throws {
    try Pictures.with { pictures in
      let place = pictures.run("run")
      try AtomicFile.makeFolder(place)
      let looker = Looker(place)
      defer { looker.stop() }
      for _ in 0..<40 { try RunFolderWriter(at: place).cancel() }
    }
  }

  /// Holds a folder's lock for a moment, again and again.
  private final class Looker: @unchecked Sendable {
    private let lock = NSLock()
    private var isStopped = false

    init(_ place: URL) {
      Thread.detachNewThread { [self] in
        while !lock.withLock({ isStopped }) {
          let descriptor = open(place.path, O_RDONLY | O_DIRECTORY)
          flock(descriptor, LOCK_SH | LOCK_NB)
          usleep(2000)
          close(descriptor)
          usleep(1000)
        }
      }
    }

    func stop() { lock.withLock { isStopped = true } }
  }

  /// Those who got a folder.
  private final class Writers: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [RunFolderWriter] = []

    var count: Int { lock.withLock { all.count } }
    var first: RunFolderWriter? { lock.withLock { all.first } }

    func add(at place: URL) {
      guard let writer = try? RunFolderWriter(at: place) else { return }
      lock.withLock { all.append(writer) }
    }

    func cancel() {
      lock.withLock {
        for writer in all { writer.cancel() }
        all = []
      }
    }
  }

  /// The command that heads the settings says where the index is and what was let through.
  @Test func theManifestSaysHowToTrainAgain() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let manifest = String(decoding: try bytes(run, .manifest), as: UTF8.self)
      let root = pictures.root.resolvingSymlinksInPath().path
      #expect(
        manifest.hasPrefix(
          "# balance train \(root) --manifest manifest.yaml --split default --out AGAIN\n"))
      let folder = pictures.root.deletingLastPathComponent()
      let place = folder.appendingPathComponent("my index.sqlite")
      let index = try DatasetIndex.prepare(
        root: pictures.root, at: place, threads: 1, progress: SilentProgress())
      _ = try index.provideDefaultSplit()
      let other = try pictures.training(
        Pictures.configuration(), on: TrainingData(index)
      ).run(
        into: RunFolderWriter(at: pictures.run("other")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(
        String(decoding: try bytes(other, .manifest), as: UTF8.self).contains(
          " --index '\(place.path)' "))
    }
  }

  @Test func failedRunLeavesNothing() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.optimization.learningRate = 1000
        $0.optimization.weightDecay = 1000
        $0.epochs = 50
      }
      #expect(throws: BalanceError.self) { try train(pictures, configuration, "run") }
      let left = try FileManager.default.contentsOfDirectory(
        atPath: pictures.run("run").deletingLastPathComponent().path)
      #expect(left.isEmpty)
    }
  }

  @Test func weightsThatChangedAreRefused() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let whole = try bytes(run, .weights)
      _ = try run.parameters(of: run.model())
      for place in stride(from: 9, to: whole.count, by: whole.count / 40) {
        var damaged = whole
        damaged[place] ^= 1
        try damaged.write(to: run.location(.weights))
        let error = #expect(throws: BalanceError.self) { try run.parameters(of: run.model()) }
        #expect(error?.place == run.location(.weights).path)
      }
      // Weights of elsewhere are whole, and not the run's.
      let parameters = try Parameters(run.model().network, seed: 3)
      try parameters.save(to: run.location(.weights))
      let error = #expect(throws: BalanceError.self) { try run.parameters(of: run.model()) }
      #expect(error?.place == run.location(.weights).path)
      // Runs of earlier versions do not know what they wrote.
      var record = try run.record()
      record.files = nil
      try CanonicalJSON.encode(record).write(to: run.location(.record))
      let loaded = try run.parameters(of: run.model())
      withExtendedLifetime((loaded, parameters)) {
        #expect(loaded.values.elementsEqual(parameters.values))
      }
    }
  }

  @Test func scoresComeFromTheRecord() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      var record = try run.record()
      let evaluation = try run.evaluation()
      #expect(record.scores?.accuracy == evaluation.accuracy)
      #expect(record.scores?.macroF1 == evaluation.macro.f1)
      // Nothing else is read.
      try Data("{".utf8).write(to: run.location(.evaluation))
      #expect(try run.scores(record) == record.scores)
      record.scores = nil
      #expect(try run.scores(record) == nil)
      try FileManager.default.removeItem(at: run.location(.evaluation))
      #expect(throws: BalanceError.self) { try run.scores(record) }
    }
  }

  @Test(arguments: ["9223372036854775807", "-1"])
  func impossibleDrawsAreRefused(number: String) throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let text = String(decoding: try bytes(run, .record), as: UTF8.self)
      for list in ["drawsPerClass", "distinctPerClass", "counts"] {
        let start = try #require(text.range(of: "\"\(list)\" : [\n"))
        let end = try #require(text[start.upperBound...].firstIndex(of: ","))
        let altered = text.replacingCharacters(in: start.upperBound..<end, with: number)
        try Data(altered.utf8).write(to: run.location(.record))
        #expect(throws: BalanceError.self, "\(list)") { try run.record() }
      }
    }
  }

  @Test func impossibleNormalizationIsRefused() throws {
    try Pictures.with { pictures in
      let run = try train(pictures, Pictures.configuration(), "run")
      let text = String(decoding: try bytes(run, .model), as: UTF8.self)
      for word in ["\"nan\"", "0", "-1", "\"inf\""] {
        let start = try #require(text.range(of: "\"deviation\" : [\n"))
        let end = try #require(text[start.upperBound...].firstIndex(of: "\n"))
        try Data(text.replacingCharacters(in: start.upperBound..<end, with: word).utf8)
          .write(to: run.location(.model))
        #expect(throws: BalanceError.self, "\(word)") { try run.model() }
      }
    }
  }
}
