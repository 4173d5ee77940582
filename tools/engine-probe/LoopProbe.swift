import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceNetworks
import BalanceOptimizers
import BalanceTensors
import BalanceTraining
import Foundation

/// Times epochs of the training loop and bare training steps of the same network in turn, in one
/// process: what the loop costs besides its steps. Prints one JSON object.
///
/// The loop has weighted sampling, augmentation, a history and a checkpoint every ten seconds; its
/// epochs are without validation. The bare steps have one batch of pixels in memory.
enum LoopProbe {
  private static let images = 6144
  private static let batch = 128

  struct Result: Codable {
    /// Seconds an epoch.
    var loop: [Double] = []
    /// Seconds for as many bare steps.
    var bare: [Double] = []
  }

  static func run(model: String, rounds: Int) throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-loop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let root = place.appendingPathComponent("images")
    try writeImages(to: root)
    let index = try DatasetIndex.prepare(
      root: root, threads: ComputePool.availableCores, progress: SilentProgress())
    _ = try index.makeSplit(.init(name: "bare", val: 0, test: 0.1, seed: 0))
    var configuration = TrainingConfiguration()
    for (name, text) in [
      ("model", model), ("epochs", "\(rounds + 1)"), ("batch-size", "\(batch)"), ("lr", "0.01"),
      ("strategy", "weighted"), ("augment", "crop:4,flip"),
    ] { try configuration.set(name, to: text) }
    let run = try TrainingRun(
      TrainingData(index, split: "bare"), configuration: configuration,
      cacheFolder: place.appendingPathComponent("pixels"))
    let pool = try ComputePool(threads: run.configuration.threads)
    let timer = try Timer(run, pool: pool)
    _ = try run.run(
      into: RunFolderWriter(at: place.appendingPathComponent("run")), pool: pool,
      observers: [timer], checkpointInterval: 10)
    let encoder = JSONEncoder()
    print(String(decoding: try encoder.encode(timer.result), as: UTF8.self))
  }

  private static func writeImages(to root: URL) throws {
    for number in 0..<images {
      // Half of the images are of one class, an eighth of the other three together.
      let folder = root.appendingPathComponent(
        "class\(number % 8 < 7 ? number % 2 : 2 + number % 3)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var generator = KeyedGenerator(seed: 3, .test, number)
      let pixels = (0..<32 * 32 * 3).map { _ in UInt8(generator.below(256)) }
      let image = PixelImage(width: 32, height: 32, channels: 3, pixels: pixels)
      try PNGEncoder.encode(image).write(to: folder.appendingPathComponent("\(number).png"))
    }
  }

  /// Makes the bare steps before each epoch, and takes the time of both.
  private final class Timer: TrainingObserver {
    var result = Result()
    private let step: TrainingStep
    /// Images of an epoch.
    private let count: Int
    private let pixels: [Float]
    private let labels: [Int32]
    private var began = ContinuousClock.now

    init(_ run: TrainingRun, pool: ComputePool) throws {
      let input = ImageShape(height: 32, width: 32, channels: 3)
      let classes = run.data.dataset.classNames.count
      let network = try ModelCatalog.network(
        run.configuration.model, input: input, classes: classes)
      step = try TrainingStep(
        Parameters(network, seed: 0), batch: batch, pool: pool, options: PlanOptions(),
        optimizer: SGD(momentum: 0.9, weightDecay: 5e-4))
      count = run.data.dataset.training.count
      pixels = (0..<batch * input.count).map { Float($0 % 17) / 8 - 1 }
      labels = (0..<batch).map { Int32($0 % classes) }
    }

    func observe(_ event: TrainingEvent) throws {
      switch event {
      case .epochBegan(let event):
        let start = ContinuousClock.now
        try pixels.withUnsafeBufferPointer { pixels in
          try labels.withUnsafeBufferPointer { labels in
            for first in stride(from: 0, to: count, by: batch) {
              let short = min(batch, count - first)
              _ = try step.run(
                UnsafeBufferPointer(rebasing: pixels[..<(short * 32 * 32 * 3)]),
                UnsafeBufferPointer(rebasing: labels[..<short]), learningRate: 0.01)
            }
          }
        }
        began = ContinuousClock.now
        if event.epoch > 0 { result.bare.append(start.duration(to: began) / .seconds(1)) }
      case .epochEnded(let event):
        if event.epoch > 0 { result.loop.append(began.secondsToNow) }
      default: break
      }
    }
  }
}
