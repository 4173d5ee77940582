import BalanceCore
import BalanceNetworks
import BalanceObjectives
import BalanceOptimizers
import BalanceTensors
import Foundation

/// Trains a model on batches that another program wrote, and writes losses and weights for it.
enum TrainingProbe {
  private struct Problem: Codable {
    let batch: Int
    let steps: Int
    let learningRate: Double
    let momentum: Double
    let weightDecay: Double
    let options: PlanOptions
    let threads: Int
  }

  /// Reads problem.json, initial.safetensors (without it, the model's own initial weights serve),
  /// pixels.bin (f32 `[steps · batch, H, W, C]`) and labels.bin (Int32); writes losses.json,
  /// final.safetensors and logits.bin, the evaluation logits of the first batch.
  static func run(_ folder: ProbeFolder) throws {
    let problem = try folder.decode(Problem.self)
    let network = try folder.decode(ProbeFolder.Model.self).network()
    let parameters = try Parameters(network, seed: 0)
    let initial = folder("initial.safetensors")
    if FileManager.default.fileExists(atPath: initial.path) { try parameters.load(from: initial) }
    let pixels = try folder.values("pixels.bin")
    let labels = try folder.values("labels.bin", as: Int32.self)
    let step = try TrainingStep(
      parameters, batch: problem.batch, pool: ComputePool(threads: problem.threads),
      options: problem.options,
      optimizer: SGD(
        momentum: Float(problem.momentum), weightDecay: Float(problem.weightDecay)))
    var losses: [Double] = []
    let size = problem.batch * network.input.count
    try pixels.withUnsafeBufferPointer { pixels in
      try labels.withUnsafeBufferPointer { labels in
        for index in 0..<problem.steps {
          losses.append(
            try step.run(
              UnsafeBufferPointer(rebasing: pixels[index * size..<(index + 1) * size]),
              UnsafeBufferPointer(
                rebasing: labels[index * problem.batch..<(index + 1) * problem.batch]),
              learningRate: problem.learningRate))
        }
      }
    }
    try CanonicalJSON.encode(losses).write(to: folder("losses.json"))
    try parameters.save(to: folder("final.safetensors"))
    let evaluation = try EvaluationPlan(
      network, parameters: parameters, batchSize: problem.batch, pool: step.pool,
      options: problem.options)
    let logits = try pixels.withUnsafeBufferPointer {
      Data(buffer: try evaluation.logits($0, count: problem.batch))
    }
    try logits.write(to: folder("logits.bin"))
  }
}
