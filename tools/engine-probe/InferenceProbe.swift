import BalanceNetworks
import BalanceTensors

/// Computes logits on request.
enum InferenceProbe {
  static func run(_ problem: TimedProblem) throws {
    try problem.serve {
      let plan = try EvaluationPlan(
        problem.network, parameters: problem.parameters,
        batchSize: problem.batch, pool: ComputePool(threads: problem.threads),
        options: problem.options)
      return {
        _ = try problem.pixels.withUnsafeBufferPointer {
          try plan.logits($0, count: problem.batch)
        }
      }
    }
  }
}
