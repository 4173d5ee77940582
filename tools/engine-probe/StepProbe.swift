import BalanceNetworks
import BalanceOptimizers
import BalanceTensors

/// Makes training steps on request.
enum StepProbe {
  static func run(_ problem: TimedProblem) throws {
    try problem.serve {
      let step = try TrainingStep(
        problem.parameters, batch: problem.batch, pool: ComputePool(threads: problem.threads),
        options: problem.options, optimizer: SGD(momentum: 0.9, weightDecay: 5e-4))
      return {
        try problem.pixels.withUnsafeBufferPointer { pixels in
          try problem.labels.withUnsafeBufferPointer { labels in
            _ = try step.run(pixels, labels, learningRate: 0.01)
          }
        }
      }
    }
  }
}
