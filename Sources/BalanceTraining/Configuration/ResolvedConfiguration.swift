public import BalanceCore
import BalanceDatasets
public import BalanceImages
import BalanceLoading
import BalanceNetworks
public import BalanceOptimizers
public import BalanceTensors

/// A configuration for one dataset: its settings make sense together, and what was left to the data
/// and the machine is decided.
///
/// Made once, before anything is loaded; what loads, trains and records reads the decisions here.
/// Settings that nothing decides are read through: `configuration.epochs`.
@dynamicMemberLookup
public struct ResolvedConfiguration: Hashable, Sendable {
  /// The settings with the decisions written in, as records and manifests have them.
  public private(set) var settled: TrainingConfiguration
  /// Height and width that images are resized to, in pixels.
  public let imageSize: Int
  /// 1 or 3.
  public let channels: Int
  /// Which values of 16-bit images become 0 and 255.
  public let range: SampleRange
  /// Before its schedule.
  public let learningRate: Double
  /// Threads that compute, from 1.
  public let threads: Int
  /// How feature maps are stored.
  public let precision: ActivationType
  /// A sentence on the precision where it is not what was asked for, or was left to the machine.
  public let precisionNote: String?

  /// Decides what is left to the data and the machine.
  ///
  /// Image size: the median over the training images of the shorter side, at most
  /// `ImageSettings.maximumAutomaticSize` and at least 4. Channels: 1 where every image is grey,
  /// else 3. Range: the least to the greatest value of the training images of 16 bits; full without
  /// any. Learning rate: what is usual for the optimizer. Precision: see `PrecisionRule`.
  ///
  /// - Parameter components: what is trained; nil for what the configuration says.
  /// - Throws: `BalanceError` with code `usage` for settings that make no sense together.
  public init(
    _ chosen: TrainingConfiguration, for data: TrainingData, components: TrainingComponents? = nil
  ) throws(BalanceError) {
    try chosen.validate()
    let images = data.images[data.training]
    imageSize = chosen.images.size ?? Self.automaticSize(of: images)
    channels = chosen.images.channels ?? (data.images.allSatisfy { $0.channels == 1 } ? 1 : 3)
    range =
      switch chosen.images.range {
      case .given(let range): range
      case .auto: Self.range(of: images)
      }
    learningRate =
      chosen.optimization.learningRate ?? chosen.optimization.optimizer.usualRate
    threads = chosen.threadCount
    var settled = chosen
    if chosen.precision == .auto {
      let input = ImageShape(height: imageSize, width: imageSize, channels: channels)
      let trained: TrainingComponents
      if let components { trained = components } else { trained = try TrainingComponents(chosen) }
      let choice = PrecisionRule.choice(
        for: try trained.network(input, classes: data.trainingCounts.classCount),
        images: max(1, chosen.batchSize / threads))
      settled.precision = choice.precision == .bf16 ? .bf16 : .f32
      precisionNote = choice.reason
    } else {
      precisionNote = chosen.precision.fallback
    }
    precision = settled.precision.used
    settled.images.size = imageSize
    settled.images.channels = channels
    settled.images.range = .given(range)
    settled.optimization.learningRate = learningRate
    settled.threads = threads
    self.settled = settled
  }

  public subscript<Value>(dynamicMember path: KeyPath<TrainingConfiguration, Value>) -> Value {
    settled[keyPath: path]
  }

  /// The same but for what is done to the trained last layer.
  ///
  /// - Throws: `BalanceError` with code `usage` where that makes no sense with the rest.
  public func with(postHoc: PostHoc) throws(BalanceError) -> ResolvedConfiguration {
    var changed = self
    changed.settled.remedy.postHoc = postHoc
    try changed.settled.validate()
    return changed
  }

  /// The base rate with its schedule and warm-up.
  public var rate: LearningRate {
    LearningRate(
      base: learningRate, schedule: self.optimization.schedule,
      unit: self.optimization.scheduleUnit, warmUp: self.optimization.warmUp)
  }

  var planOptions: PlanOptions {
    PlanOptions(convolution: self.convolution, precision: precision)
  }

  private static func automaticSize(of images: some Collection<ImageRecord>) -> Int {
    let sides = images.map { min($0.width, $0.height) }.sorted()
    let most = ImageSettings.maximumAutomaticSize
    return sides.isEmpty ? most : max(4, min(most, sides[sides.count / 2]))
  }

  private static func range(of images: some Collection<ImageRecord>) -> SampleRange {
    guard let extent = WideValues(images)?.extent else { return .full }
    // A range has two ends, even where all values are the same.
    let low = min(extent.lowerBound, 65_534)
    return (try? SampleRange(low: low, high: max(extent.upperBound, low + 1))) ?? .full
  }
}

extension TrainingConfiguration {
  /// The threads to use, 0 being all cores.
  public var threadCount: Int { threads == 0 ? ComputePool.availableCores : threads }
}
