import BalanceCore
import BalanceNetworks
import BalanceObjectives
import BalanceOptimizers
import BalanceTensors

/// A training step as the trainer makes it: forward, cross-entropy, backward, SGD.
final class TrainingStep {
  let pool: ComputePool
  private let parameters: Parameters
  private let plan: TrainingPlan
  private let optimizer: any Optimizer
  private let loss = CrossEntropy()
  private let gradient: UnsafeMutableBufferPointer<Float>

  init(
    _ parameters: Parameters, batch: Int, pool: ComputePool, options: PlanOptions, optimizer: SGD
  ) throws {
    self.pool = pool
    self.parameters = parameters
    plan = try TrainingPlan(
      parameters.network, parameters: parameters, batchSize: batch, pool: pool, options: options)
    self.optimizer = optimizer.optimizer(count: parameters.values.count)
    gradient = .allocate(capacity: batch * parameters.network.classes)
    gradient.initialize(repeating: 0)
  }

  deinit { gradient.deallocate() }

  /// Pixels `[N, H, W, C]` and N labels; returns the mean loss before the update.
  func run(
    _ pixels: UnsafeBufferPointer<Float>, _ labels: UnsafeBufferPointer<Int32>,
    learningRate: Double
  ) throws -> Double {
    let logits = try plan.forward(pixels, count: labels.count)
    let gradient = UnsafeMutableBufferPointer(rebasing: gradient[..<logits.count])
    let value = loss.evaluate(
      logits: logits, targets: .labels(labels), classes: parameters.network.classes,
      gradient: gradient)
    plan.backward(UnsafeBufferPointer(gradient))
    optimizer.beginStep()
    nonisolated(unsafe) let values = parameters.values
    nonisolated(unsafe) let gradients = UnsafeBufferPointer(parameters.gradients)
    let optimizer = optimizer
    pool.run { thread in
      optimizer.step(
        values: values, gradients: gradients, learningRate: learningRate,
        range: thread.slice(of: values.count))
    }
    return value
  }
}
