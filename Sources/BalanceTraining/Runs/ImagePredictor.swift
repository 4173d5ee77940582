public import BalanceCore
package import BalanceImages
import BalanceLoading
import BalanceNetworks
import BalanceTensors
import Foundation
import Synchronization

/// A trained model that classifies image files, a batch at a time.
public final class ImagePredictor {
  public let classNames: [String]
  private let model: ModelDescription
  private let evaluator: Evaluator
  private let batchSize: Int
  private let normalizer: PixelNormalizer
  /// `[batchSize, H, W, C]`.
  private let pixels: UnsafeMutableBufferPointer<Float>

  /// - Parameters:
  ///   - batchSize: images that are decoded, and then classified, together.
  ///   - threads: nil takes all cores.
  /// - Throws: `BalanceError` where the run's files do not fit together.
  public init(_ run: RunFolder, batchSize: Int = 32, threads: Int? = nil) throws {
    model = try run.model()
    classNames = model.classNames
    self.batchSize = batchSize
    evaluator = try Evaluator(
      model.network, parameters: run.parameters(of: model), batchSize: batchSize,
      pool: ComputePool(threads: threads ?? ComputePool.availableCores),
      options: model.options.onThisMachine)
    try MachineLimits.check(
      memory: MachineLimits.product(batchSize, model.network.input.count, 4),
      for: "\(batchSize) images")
    let shape = model.network.input
    normalizer = PixelNormalizer(
      model.normalization, height: shape.height, width: shape.width, channels: shape.channels)
    pixels = .allocate(capacity: batchSize * model.network.input.count)
    pixels.initialize(repeating: 0)
  }

  deinit { pixels.deallocate() }

  /// Which values of 16-bit files become 0 and 255.
  package var range: SampleRange { model.range ?? .full }

  /// A sentence where this machine cannot compute as the run did.
  public var note: String? {
    model.options.onThisMachine == model.options ? nil : Precision.noBF16
  }

  /// Calls `body` for each file in order with its probabilities, in the order of the classes, or
  /// with what is wrong with the file. Files are decoded on all cores.
  ///
  /// The network is given the bits that an evaluation gives it. Its probabilities have the same
  /// bits in batches of equal size; in others it may add in another order.
  ///
  /// - Throws: what `body` throws, and `BalanceError` where the model itself fails.
  public func predict(
    _ paths: [String], body: (String, Result<[Float], BalanceError>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: paths.count, by: batchSize) {
      let batch = Array(paths[start..<min(start + batchSize, paths.count)])
      let failures = decode(batch)
      let classes = classNames.count
      let decoded = batch.indices.filter { failures[$0] == nil }
      gather(decoded)
      var probabilities: [Float] = []
      if !decoded.isEmpty {
        probabilities = try evaluator.probabilities(
          UnsafeBufferPointer(pixels), count: decoded.count)
      }
      var row = 0
      for (path, failure) in zip(batch, failures) {
        if let failure {
          try body(path, .failure(failure))
        } else {
          try body(path, .success(Array(probabilities[row * classes..<(row + 1) * classes])))
          row += 1
        }
      }
    }
  }

  /// Brings each file's pixels into its slot; returns what went wrong, by slot.
  private func decode(_ paths: [String]) -> [BalanceError?] {
    let failures = Mutex([BalanceError?](repeating: nil, count: paths.count))
    nonisolated(unsafe) let slots = pixels
    let (shape, range, normalizer) = (model.network.input, range, normalizer)
    let next = Atomic<Int>(0)
    Parallel.run(threads: min(MachineLimits.cores, paths.count)) {
      let reader = ImageReader()
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < paths.count else { return }
        do throws(BalanceError) {
          let image = try reader.image(
            at: ImageLocation(file: paths[index]), channels: shape.channels, range: range)
          normalizer.normalize(
            image.resized(width: shape.width, height: shape.height),
            into: slots.extracting(index * shape.count..<(index + 1) * shape.count))
        } catch {
          failures.withLock { $0[index] = error }
        }
      }
    }
    return failures.withLock { $0 }
  }

  /// Moves these slots together.
  private func gather(_ slots: [Int]) {
    let size = model.network.input.count
    for (row, slot) in slots.enumerated() where row < slot {
      let source = UnsafeBufferPointer(rebasing: pixels[slot * size..<(slot + 1) * size])
      _ = UnsafeMutableBufferPointer(rebasing: pixels[row * size..<(row + 1) * size])
        .update(from: source)
    }
  }
}
