import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import BalanceImages
import BalanceMetrics
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// 12-bit pictures in 16-bit files, from the index to `predict`.
@Suite struct SampleRangeTests {
  /// Two classes that differ in values between 1,000 and 1,600 only.
  static func with<T>(_ body: (Pictures) throws -> T) throws -> T {
    try Pictures.with { pictures in
      let root = pictures.root.deletingLastPathComponent().appendingPathComponent("wide")
      for (label, name) in ["low", "high"].enumerated() {
        for split in ["train", "val", "test"] {
          let folder = root.appendingPathComponent("\(split)/\(name)")
          try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
          for index in 0..<(split == "train" ? 12 : 4) {
            try png(label: label, split: split, index: index).data
              .write(to: folder.appendingPathComponent("\(index).png"))
          }
        }
      }
      return try body(Pictures(root: root))
    }
  }

  static func png(label: Int, split: String, index: Int) -> HandmadePNG {
    var generator = KeyedGenerator(seed: UInt64(split.utf8.count), .test, label, index)
    let values = (0..<64).map { _ in 1000 + 400 * label + generator.below(200) }
    return HandmadePNG(width: 8, height: 8, depth: 16, values: values)
  }

  static func configuration(_ range: String) throws -> TrainingConfiguration {
    var configuration = Pictures.configuration { $0.epochs = 8 }
    try configuration.set("range", to: range)
    return configuration
  }

  /// From the training images alone, as every other automatic setting.
  @Test func autoIsTheExtentOfTheTrainingImages() throws {
    try Self.with { pictures in
      try HandmadePNG(width: 1, height: 1, depth: 16, values: [9]).data
        .write(to: pictures.root.appendingPathComponent("test/low/outlier.png"))
      let data = try pictures.data()
      let extents = data.images[data.training].compactMap(\.extent)
      let least = try #require(extents.map(\.lowerBound).min())
      let greatest = try #require(extents.map(\.upperBound).max())
      #expect(least >= 1000 && greatest < 1600)
      let resolved = try ResolvedConfiguration(Self.configuration("auto"), for: data)
      #expect(resolved.settings["range"] == "\(least):\(greatest)")
    }
    try Pictures.with { pictures in
      let resolved = try ResolvedConfiguration(Self.configuration("auto"), for: pictures.data())
      #expect(resolved.settings["range"] == "full")
    }
  }

  @Test(arguments: ["auto", "1000:1599"])
  func aStretchedRunTellsTheClassesApartAndPredictsSo(_ range: String) throws {
    try Self.with { pictures in
      let configuration = try Self.configuration(range)
      let run = try pictures.training(configuration)
        .run(
          into: RunFolderWriter(at: pictures.run("stretched")), pool: ComputePool(threads: 1),
          observers: [])
      let stored = try #require(try run.model().range)
      #expect(try run.record().settings["range"] == "\(stored)")
      #expect(try run.evaluation().macro.f1 == 1)
      // Single files get the range, too: they are predicted as the run predicted them.
      let table = try run.predictions()
      let paths = table.images.map { pictures.root.appendingPathComponent($0).path }
      var probabilities: [Float] = []
      try ImagePredictor(run, batchSize: 7, threads: 1).predict(paths) { _, result in
        probabilities += try result.get()
      }
      #expect(probabilities == table.probabilities)
      let again = try Reprediction(run, record: try run.record()).predict(
        .ownTest, of: pictures.index(), threads: 1,
        cacheFolder: pictures.root.deletingLastPathComponent().appendingPathComponent("other"),
        progress: SilentProgress())
      #expect(again.probabilities == table.probabilities)
    }
  }

  @Test func narrowValuesInTheFullRangeAreNoted() throws {
    try Self.with { pictures in
      let trainer = try pictures.trainer(Self.configuration("full"))
      #expect(
        trainer.notes.contains {
          $0.hasPrefix("24 training images have 16 bits") && $0.hasSuffix("or --range auto")
        })
      #expect(trainer.configuration.range == .full)
    }
    try Pictures.with { pictures in
      let configuration = try Self.configuration("0:4095")
      let trainer = try pictures.trainer(configuration)
      #expect(
        trainer.notes == ["the range 0:4095 changes nothing: no training image has 16 bits a value"]
      )
    }
  }
}
