public import Loading
public import Networks
public import Objectives
public import Optimizers
public import Sampling

/// Everything that decides what a training run computes, apart from the images themselves.
///
/// Each property is a `TrainingSetting` with a name and a spelling, the same on the command line,
/// in manifests, in `manifest.yaml` of a run folder and in `RunRecord.settings`.
public struct TrainingConfiguration: Hashable, Sendable {
  public var model = "cnn"
  public var strategy = SamplingStrategy.none
  public var loss = LossSpecification.crossEntropy
  public var classWeighting = ClassWeighting.none
  /// One epoch draws as many images as the training set has, whatever the strategy, so that equal
  /// epochs are equal optimizer steps.
  public var epochs = 30
  public var batchSize = 128
  public var learningRate = 0.1
  public var momentum = 0.9
  public var weightDecay = 5e-4
  public var schedule = Schedule.cosine(minimum: 0)
  public var augmentation = Augmentation.none
  /// Height and width that images are resized to, in pixels; nil takes the median side of the
  /// training images, at most `maximumAutomaticSize`.
  public var imageSize: Int?
  /// 1 or 3; nil takes 1 where every image is grey.
  public var channels: Int?
  public var convolution = PlanOptions.ConvolutionAlgorithm.automatic
  public var seed: UInt64 = 0
  /// Threads that compute; results are bit-identical for the same number only. 0 takes all cores.
  public var threads = 0

  public static let maximumAutomaticSize = 64

  public init() {}

  /// The loss as it is spelled in lists of arms and names of runs: `focal:2`, `cross-entropy+inverse-frequency`.
  public var lossName: String {
    classWeighting == .none ? "\(loss)" : "\(loss)+\(classWeighting)"
  }
}
