public import BalanceCore
public import BalanceNetworks

/// Everything that decides what a training run computes, apart from the images themselves, as it
/// was chosen.
///
/// Each property is a `TrainingSetting` with a name and a spelling, the same on the command line,
/// in manifests, in `manifest.yaml` of a run folder and in `RunRecord.settings`. They are grouped
/// as help groups them. What is left to the data is nil here, and decided in a
/// `ResolvedConfiguration`.
public struct TrainingConfiguration: Hashable, Sendable {
  public var model = "cnn"
  /// One epoch draws as many images as the training set has, whatever the strategy, so that equal
  /// epochs are equal optimizer steps.
  public var epochs = 30
  /// Images whose gradients are computed at once, and whose statistics a batch norm takes.
  public var batchSize = 128
  /// Batches whose gradients make one optimizer step.
  public var accumulation = 1
  /// Watches validation images only, as `weightChoice` does.
  public var earlyStopping = EarlyStopping.none
  public var weightChoice = WeightChoice.last
  public var convolution = PlanOptions.ConvolutionAlgorithm.automatic
  public var precision = Precision.f32
  public var seed: UInt64 = 0
  /// Threads that compute; results are bit-identical for the same number only. 0 takes all cores.
  public var threads = 0
  public var remedy = RemedySettings()
  public var images = ImageSettings()
  public var optimization = OptimizationSettings()
  public var tuning = TuningSettings()

  public init() {}

  /// Refuses settings that make no sense together.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  public func validate() throws(BalanceError) {
    try tuning.check(epochs: epochs)
    try optimization.check(epochs: epochs)
    try remedy.check(epochs: epochs)
  }
}
