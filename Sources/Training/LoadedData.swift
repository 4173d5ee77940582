public import BalanceCore
import Datasets
public import Foundation
public import Loading

/// A dataset's pixels at one size, decoded once, with the training set's normalization.
public struct LoadedData: Sendable {
  public let data: TrainingData
  public let cache: PixelCache
  /// Measured on the training images only.
  public let normalization: Normalization
  public let labels: [Int]

  /// Decodes what is not in the cache yet.
  ///
  /// - Parameters:
  ///   - configuration: its size and channels must be given; see `resolved(for:)`.
  ///   - folder: where decoded pixels are kept.
  /// - Throws: `BalanceError` for a file that is gone or damaged since it was indexed, and where
  ///   the cache cannot be written.
  public init(
    _ data: TrainingData, configuration: TrainingConfiguration, cacheFolder folder: URL,
    threads: Int, progress: any BalanceCore.ProgressReporting
  ) throws {
    let configuration = configuration.resolved(for: data)
    let size = configuration.imageSize ?? TrainingConfiguration.maximumAutomaticSize
    self.data = data
    labels = data.labels
    cache = try PixelCache.build(
      images: data.images, root: data.root, size: (width: size, height: size),
      channels: configuration.channels ?? 3, at: folder, threads: threads, progress: progress)
    normalization = try Normalization.measure(cache, positions: data.training)
  }
}

extension TrainingConfiguration {
  /// The same configuration with what was left to the data decided.
  ///
  /// Image size: the median over the training images of the shorter side, at most
  /// `maximumAutomaticSize` and at least 4. Channels: 1 where every image is grey, else 3.
  public func resolved(for data: TrainingData) -> TrainingConfiguration {
    var resolved = self
    let images = data.images[data.training]
    if imageSize == nil {
      let sides = images.map { min($0.width, $0.height) }.sorted()
      let median = sides.isEmpty ? Self.maximumAutomaticSize : sides[sides.count / 2]
      resolved.imageSize = max(4, min(Self.maximumAutomaticSize, median))
    }
    if channels == nil { resolved.channels = data.images.allSatisfy { $0.channels == 1 } ? 1 : 3 }
    if threads == 0 { resolved.threads = ProcessInfo.processInfo.activeProcessorCount }
    return resolved
  }
}
