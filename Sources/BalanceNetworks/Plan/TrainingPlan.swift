public import BalanceCore
public import BalanceTensors

/// A network compiled for training: logits forward, gradients backward, on a pool of threads.
///
/// Batch norm uses the batch's statistics and moves the running ones. A batch shorter than the
/// planned size compiles a plan of its own the first time; plans share their memory.
///
/// Frozen nodes keep their parameters: these get no gradient, and what lies before every trainable
/// node is not differentiated at all. A frozen batch norm uses the running statistics and leaves
/// them alone.
///
/// `@unchecked Sendable`: one caller at a time.
public final class TrainingPlan: @unchecked Sendable {
  private let plans: PlanCache

  /// - Parameter frozen: indices of `network.nodes`.
  /// - Throws: `BalanceError` when a layer cannot be computed on this machine or memory is short.
  public init(
    _ network: Network, parameters: Parameters, batchSize: Int, pool: ComputePool,
    options: PlanOptions = PlanOptions(), frozen: Set<Int> = []
  ) throws(BalanceError) {
    plans = try PlanCache(
      network, parameters: parameters, purpose: .training, batchSize: batchSize, pool: pool,
      options: options, frozen: frozen)
  }

  /// Which numbers dropout draws in the next `forward`: set before each step of training.
  public var randomness: PlanRandomness {
    get { plans.randomness.key }
    set { plans.randomness.key = newValue }
  }

  /// What computes each convolution of a whole batch.
  public var convolutions: [PlannedConvolution] { plans.convolutions }

  /// Logits `[count, classes]` for pixels `[count, H, W, C]`; valid until the next call.
  ///
  /// - Precondition: `0 < count ≤ batchSize`, and so many pixels.
  public func forward(_ pixels: UnsafeBufferPointer<Float>, count: Int) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    try plans.forward(pixels, count: count)
  }

  /// Overwrites the trainable parameters' gradients with those of a loss whose gradient with
  /// respect to the logits of the last `forward` is `[count, classes]`.
  public func backward(_ logitsGradient: UnsafeBufferPointer<Float>) {
    plans.backward(logitsGradient)
  }
}
