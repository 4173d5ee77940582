public import BalanceCore
import BalanceDatasets
public import BalanceLoading
import BalanceSampling
import BalanceTensors
public import Foundation

/// A dataset's pixels at one size, decoded once, with the training set's normalization.
public struct LoadedData: Sendable {
  public let dataset: TrainingData
  public let cache: PixelCache
  /// Measured on the training images only.
  public let normalization: Normalization
  public let labels: [Int]
  /// Where decoded pixels are kept, and what is computed from them.
  let cacheFolder: URL

  /// Decodes what is not in the cache yet.
  ///
  /// - Parameters:
  ///   - configuration: of the same dataset.
  ///   - folder: where decoded pixels are kept.
  /// - Throws: `BalanceError` for a file that is gone or damaged since it was indexed, and where
  ///   the cache cannot be written.
  public init(
    _ dataset: TrainingData, configuration: ResolvedConfiguration, cacheFolder folder: URL,
    progress: any ProgressReporter
  ) throws {
    let size = configuration.imageSize
    self.dataset = dataset
    cacheFolder = folder
    labels = dataset.labels
    cache = try PixelCache.build(
      images: dataset.images, root: dataset.root, size: (width: size, height: size),
      channels: configuration.channels, range: configuration.range, at: folder,
      threads: configuration.threads, progress: progress)
    normalization = try Normalization.measure(cache, positions: dataset.training)
    try cache.check()
  }
}

extension LoadedData {
  /// The images at these positions, in their order, unaugmented.
  func loader(_ positions: Range<Int>, batchSize: Int) -> BatchLoader {
    BatchLoader(
      inOrder: positions, of: cache, labels: labels, batchSize: batchSize,
      normalization: normalization)
  }

  /// - Parameter probabilities: `[positions, classes]`.
  func table(_ positions: Range<Int>, probabilities: [Float]) -> PredictionTable {
    PredictionTable(
      classNames: dataset.classNames, images: Array(dataset.images[positions]),
      labels: Array(labels[positions]), probabilities: probabilities)
  }
}

extension BatchLoader {
  /// The images at these positions of a cache, in their order, unaugmented.
  convenience init(
    inOrder positions: Range<Int>, of cache: PixelCache, labels: [Int], batchSize: Int,
    normalization: Normalization
  ) {
    self.init(
      cache: cache, labels: labels, draws: positions.map { Draw(image: Int32($0), copy: 0) },
      batchSize: batchSize, augmentation: .none, normalization: normalization, seed: 0, epoch: 0,
      workers: positions.count * cache.imageSize < 1 << 20 ? 0 : 1)
  }
}

extension PredictionTable {
  /// - Parameters:
  ///   - labels: of the images, as positions in `classNames`.
  ///   - probabilities: `[images, classes]`.
  init(classNames: [String], images: [ImageRecord], labels: [Int], probabilities: [Float]) {
    let hasGroups = images.contains { $0.group != nil }
    self.init(
      classNames: classNames, images: images.map(\.path),
      groups: hasGroups ? images.map { $0.group ?? $0.path } : nil, truth: labels,
      probabilities: probabilities)
  }
}
