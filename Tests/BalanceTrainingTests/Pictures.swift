import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceTensors
import BalanceTraining
import Foundation

/// A small dataset of three classes of noisy 8×8 pictures that differ in brightness, unbalanced.
struct Pictures {
  static let counts = [("bright", 30), ("dark", 9), ("grey", 5)]
  let root: URL

  /// Calls `body` with a fresh folder of pictures that is removed afterwards.
  static func with<T>(_ body: (Pictures) throws -> T) throws -> T {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-training-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let pictures = Pictures(root: place.appendingPathComponent("pictures"))
    for (label, (name, count)) in counts.enumerated() {
      let folder = pictures.root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for index in 0..<count {
        try png(label: label, index: index).write(
          to: folder.appendingPathComponent("\(index).png"))
      }
    }
    return try body(pictures)
  }

  static func png(label: Int, index: Int) throws -> Data {
    var generator = KeyedGenerator(seed: 1, .test, label, index)
    let level = [200, 40, 120][label]
    let pixels = (0..<64).map { _ in UInt8(level + generator.below(61) - 30) }
    return try PNGEncoder.encode(PixelImage(width: 8, height: 8, channels: 1, pixels: pixels))
  }

  func index() throws -> DatasetIndex {
    let index = try DatasetIndex.prepare(root: root, threads: 1, progress: SilentProgress())
    _ = try index.provideDefaultSplit()
    return index
  }

  func data() throws -> TrainingData { try TrainingData(index()) }

  /// A run on a split of the pictures, nil for the default one.
  func training(
    _ configuration: TrainingConfiguration, on data: TrainingData? = nil,
    components: TrainingComponents? = nil
  ) throws -> TrainingRun {
    try TrainingRun(
      data ?? self.data(), components: components, configuration: configuration,
      cacheFolder: root.deletingLastPathComponent().appendingPathComponent("cache"))
  }

  func trainer(
    _ configuration: TrainingConfiguration, on data: TrainingData? = nil, threads: Int = 1
  ) throws -> Trainer {
    try Trainer(training(configuration, on: data), pool: ComputePool(threads: threads))
  }

  /// Where runs of a test may go.
  func run(_ name: String) -> URL {
    root.deletingLastPathComponent().appendingPathComponent("runs/\(name)")
  }

  /// Settings for a run of a few steps.
  static func configuration(_ change: (inout TrainingConfiguration) -> Void = { _ in })
    -> TrainingConfiguration
  {
    var configuration = TrainingConfiguration()
    configuration.epochs = 4
    configuration.batchSize = 7
    configuration.optimization.learningRate = 0.05
    configuration.threads = 1
    change(&configuration)
    return configuration
  }
}
