import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceSampling
import BalanceTensors

/// The batches of an epoch, in the order of its draws.
protocol BatchSource {
  /// The next batch, or nil at the end. What the last call gave is no longer valid.
  func next() -> Batch?
}

extension BatchLoader: BatchSource {}

/// What a trainer drives: something that makes logits of batches, and gradients of a trainer's
/// parameters of the logits' gradients.
protocol TrainedPart: AnyObject {
  /// - Parameters:
  ///   - first: the batch to begin with, from 0.
  ///   - check: called now and then where this takes long; what it throws ends the work.
  func batches(_ plan: EpochPlan, from first: Int, check: () throws -> Void) throws
    -> any BatchSource
  /// Logits `[N, classes]`; valid until the next call.
  func forward(_ batch: Batch, _ randomness: PlanRandomness) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  /// Overwrites the gradients of the trained parameters.
  func backward(_ logitsGradient: UnsafeBufferPointer<Float>)
  /// Goes by the trainer's parameters as they are.
  var predictor: any Predictor { get }
  /// What computes the convolutions; see `RunRecord`.
  var convolutions: [String: [RunRecord.ConvolutionGroup]]? { get }
}

extension TrainedPart {
  var convolutions: [String: [RunRecord.ConvolutionGroup]]? { nil }
}

/// The network from pixels to logits.
final class WholeNetwork: TrainedPart {
  private let data: LoadedData
  private let configuration: ResolvedConfiguration
  private let plan: TrainingPlan
  private let network: NetworkPredictor
  var predictor: any Predictor { network }

  init(_ network: NetworkPredictor, frozen: Set<Int>, pool: ComputePool) throws(BalanceError) {
    (data, configuration, self.network) = (network.data, network.configuration, network)
    let parameters = network.parameters
    plan = try TrainingPlan(
      parameters.network, parameters: parameters, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions, frozen: frozen)
  }

  func batches(_ plan: EpochPlan, from first: Int, check: () throws -> Void) -> any BatchSource {
    BatchLoader(
      cache: data.cache, labels: data.labels, draws: plan.draws,
      batchSize: configuration.batchSize, augmentation: configuration.images.augmentation,
      normalization: data.normalization, seed: configuration.seed, epoch: plan.epoch,
      workers: workers, firstDraw: min(first * configuration.batchSize, plan.draws.count))
  }

  /// One thread that prefetches, unless an epoch is so small that starting it would take longer
  /// than filling the batches.
  private var workers: Int {
    data.dataset.training.count * data.cache.imageSize < 1 << 20 ? 0 : 1
  }

  func forward(_ batch: Batch, _ randomness: PlanRandomness) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    plan.randomness = randomness
    return try plan.forward(batch.pixels, count: batch.count)
  }

  func backward(_ logitsGradient: UnsafeBufferPointer<Float>) { plan.backward(logitsGradient) }

  var convolutions: [String: [RunRecord.ConvolutionGroup]]? {
    [
      "training": PlannedConvolution.grouped(plan.convolutions),
      "evaluation": PlannedConvolution.grouped(network.convolutions),
    ]
  }
}
