public import BalanceCore
import BalanceDatasets
package import BalanceImages
public import BalanceLoading
import BalanceSampling
import BalanceTensors
public import Foundation

/// A dataset's pixels at one size, decoded once, with the training set's normalization.
public struct LoadedData: Sendable {
  public let data: TrainingData
  public let cache: PixelCache
  /// Measured on the training images only.
  public let normalization: Normalization
  public let labels: [Int]
  /// Where decoded pixels are kept, and what is computed from them.
  let cacheFolder: URL

  /// Decodes what is not in the cache yet.
  ///
  /// - Parameters:
  ///   - configuration: its size and channels must be given; see `resolved(for:)`.
  ///   - folder: where decoded pixels are kept.
  /// - Throws: `BalanceError` for a file that is gone or damaged since it was indexed, and where
  ///   the cache cannot be written.
  public init(
    _ data: TrainingData, configuration: TrainingConfiguration, cacheFolder folder: URL,
    threads: Int, progress: any ProgressReporter
  ) throws {
    let configuration = configuration.resolved(for: data)
    let size = configuration.imageSize ?? TrainingConfiguration.maximumAutomaticSize
    self.data = data
    cacheFolder = folder
    labels = data.labels
    cache = try PixelCache.build(
      images: data.images, root: data.root, size: (width: size, height: size),
      channels: configuration.channels ?? 3, range: configuration.sampleRange, at: folder,
      threads: threads, progress: progress)
    normalization = try Normalization.measure(cache, positions: data.training)
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
      classNames: data.classNames, images: Array(data.images[positions]),
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

extension TrainingConfiguration {
  /// The same configuration with what was left to the data decided.
  ///
  /// Image size: the median over the training images of the shorter side, at most
  /// `maximumAutomaticSize` and at least 4. Channels: 1 where every image is grey, else 3.
  /// Range: the least to the greatest value of the training images of 16 bits; full without any.
  /// Learning rate: what is usual for the optimizer.
  ///
  /// - Parameter components: what is trained; nil for what the configuration says.
  public func resolved(for data: TrainingData, _ components: TrainingComponents? = nil)
    -> TrainingConfiguration
  {
    var resolved = self
    let images = data.images[data.training]
    if imageSize == nil {
      let sides = images.map { min($0.width, $0.height) }.sorted()
      let median = sides.isEmpty ? Self.maximumAutomaticSize : sides[sides.count / 2]
      resolved.imageSize = max(4, min(Self.maximumAutomaticSize, median))
    }
    if channels == nil { resolved.channels = data.images.allSatisfy { $0.channels == 1 } ? 1 : 3 }
    if range == .auto { resolved.range = .given(Self.range(of: images)) }
    resolved.learningRate = learningRate
    if threads == 0 { resolved.threads = ComputePool.availableCores }
    resolved.decidePrecision(classes: data.trainingCounts.classCount, components)
    return resolved
  }

  /// What the pixel cache is made with; the full range as long as `auto` is undecided.
  package var sampleRange: SampleRange {
    if case .given(let range) = range { return range }
    return .full
  }

  /// A sentence where the range does not fit the training images.
  func rangeNote(_ data: TrainingData) -> String? {
    guard let values = WideValues(data.images[data.training]) else {
      return range == .full
        ? nil : "the range \(range) changes nothing: no training image has 16 bits a value"
    }
    return range == .full && values.isNarrow ? values.warning(of: "training image") : nil
  }

  private static func range(of images: some Collection<ImageRecord>) -> SampleRange {
    guard let extent = WideValues(images)?.extent else { return .full }
    // A range has two ends, even where all values are the same.
    let low = min(extent.lowerBound, 65_534)
    return (try? SampleRange(low: low, high: max(extent.upperBound, low + 1))) ?? .full
  }
}
