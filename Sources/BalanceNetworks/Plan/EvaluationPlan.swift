public import BalanceCore
public import BalanceTensors

/// A network compiled for evaluation: running statistics, batch norm folded into convolutions, no
/// gradients, buffers reused as soon as they have been read, and as many images at once as
/// `EvaluationBatch` says.
///
/// `@unchecked Sendable`: one caller at a time.
public final class EvaluationPlan: @unchecked Sendable {
  private let plans: PlanCache
  private let batchSize: Int
  private let imagesAtOnce: Int
  private let inputCount: Int
  private let classes: Int
  private let result: UnsafeMutableBufferPointer<Float>

  /// - Throws: as `TrainingPlan`.
  public init(
    _ network: Network, parameters: Parameters, batchSize: Int, pool: ComputePool,
    options: PlanOptions = PlanOptions()
  ) throws(BalanceError) {
    self.batchSize = batchSize
    imagesAtOnce = EvaluationBatch.imagesAtOnce(
      network, batchSize: batchSize, threads: pool.threads)
    inputCount = network.input.count
    classes = network.classes
    plans = try PlanCache(
      network, parameters: parameters, purpose: .evaluation, batchSize: imagesAtOnce, pool: pool,
      options: options)
    result = .allocate(capacity: batchSize * classes)
    result.initialize(repeating: 0)
  }

  deinit { result.deallocate() }

  /// What computes each convolution of a whole batch.
  public var convolutions: [PlannedConvolution] { plans.convolutions }

  /// Must be called when parameters or running statistics have changed: a plan folds batch norms
  /// into weights and packs them once, at the first `logits` after this.
  public func refresh() { plans.refresh() }

  /// Logits `[count, classes]` for pixels `[count, H, W, C]`; valid until the next call.
  ///
  /// - Precondition: `0 < count ≤ batchSize`, and so many pixels.
  public func logits(_ pixels: UnsafeBufferPointer<Float>, count: Int) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    precondition((1...batchSize).contains(count), "\(count) images in a plan for \(batchSize)")
    precondition(pixels.count >= count * inputCount, "too few pixels for \(count) images")
    for start in stride(from: 0, to: count, by: imagesAtOnce) {
      let end = min(start + imagesAtOnce, count)
      let part = UnsafeBufferPointer(rebasing: pixels[(start * inputCount)..<(end * inputCount)])
      let logits = try plans.forward(part, count: end - start)
      let rows = result[(start * classes)..<(end * classes)]
      _ = UnsafeMutableBufferPointer(rebasing: rows).update(from: logits)
    }
    return UnsafeBufferPointer(rebasing: result[..<(count * classes)])
  }
}
