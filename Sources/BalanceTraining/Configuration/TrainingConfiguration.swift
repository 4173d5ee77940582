public import BalanceCore
public import BalanceLoading
public import BalanceNetworks
public import BalanceObjectives
public import BalanceOptimizers
public import BalanceSampling

/// Everything that decides what a training run computes, apart from the images themselves.
///
/// Each property is a `TrainingSetting` with a name and a spelling, the same on the command line,
/// in manifests, in `manifest.yaml` of a run folder and in `RunRecord.settings`.
public struct TrainingConfiguration: Hashable, Sendable {
  public var model = "cnn"
  public var strategy = SamplingStrategy.none
  /// The first epoch, counted from 1, that is sampled by `strategy`; before it every image comes
  /// once (deferred resampling, DRS; Cao et al. 2019). Nil for all epochs.
  public var strategyFrom: Int?
  public var loss = LossSpecification.crossEntropy
  public var classWeighting = ClassWeighting.none
  /// The first epoch, counted from 1, in which class weights hold; nil for all epochs.
  public var weightsFrom: Int?
  /// One epoch draws as many images as the training set has, whatever the strategy, so that equal
  /// epochs are equal optimizer steps.
  public var epochs = 30
  /// Images whose gradients are computed at once, and whose statistics a batch norm takes.
  public var batchSize = 128
  /// Batches whose gradients make one optimizer step.
  public var accumulation = 1
  public var optimizer = OptimizerSpecification.sgd
  /// Nil takes what is usual for the optimizer; see `learningRate`.
  public var givenLearningRate: Double?
  /// Of SGD.
  public var momentum = 0.9
  public var weightDecay = 5e-4
  public var decaySparing = DecaySparing.none
  public var clipping = GradientClipping.none
  public var averaging = WeightAveraging.none
  public var schedule = Schedule.cosine(minimum: 0)
  public var scheduleUnit = LearningRate.Unit.epoch
  public var warmUp = WarmUp.none
  /// Watches validation images only, as `weightChoice` does.
  public var earlyStopping = EarlyStopping.none
  public var weightChoice = WeightChoice.last
  public var postHoc = PostHoc.none
  public var augmentation = Augmentation.none
  /// Height and width that images are resized to, in pixels; nil takes the median side of the
  /// training images, at most `maximumAutomaticSize`.
  public var imageSize: Int?
  /// 1 or 3; nil takes 1 where every image is grey.
  public var channels: Int?
  /// Of 16-bit images; `auto` is decided by the training images alone.
  public var range = RangeChoice.full
  public var convolution = PlanOptions.ConvolutionAlgorithm.automatic
  public var precision = Precision.f32
  /// What `Precision.auto` came to, and why; a sentence, once it is decided.
  public internal(set) var precisionNote: String?
  /// A safetensors file or the folder of a run that the weights are taken from; nil starts afresh.
  public var initialWeights: String?
  /// Whether the last layer starts afresh all the same; with a frozen backbone and balanced
  /// sampling that is classifier re-training (cRT; Kang et al., ICLR 2020).
  public var renewsHead = false
  public var freezing = Freezing.none
  /// Whether every batch norm uses the running statistics of the initial weights throughout.
  public var freezesBatchNorm = false
  /// The first epoch, counted from 1, in which `freezing` no longer holds; nil for never.
  public var unfreezeAt: Int?
  /// Factor of the learning rate for the last layer. Weight decay is the same for all.
  public var headRate = 1.0
  /// Factor of the learning rate for all other layers.
  public var backboneRate = 1.0
  public var seed: UInt64 = 0
  /// Threads that compute; results are bit-identical for the same number only. 0 takes all cores.
  public var threads = 0

  public static let maximumAutomaticSize = 64

  public init() {}

  /// What the run does against imbalance.
  public var remedy: Remedy {
    Remedy(
      strategy: "\(strategy)", strategyFrom: strategyFrom, loss: "\(loss)",
      classWeights: "\(classWeighting)", weightsFrom: weightsFrom, postHoc: "\(postHoc)")
  }
}
