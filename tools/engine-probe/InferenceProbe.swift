import BalanceCore
import Foundation
import Networks
import Tensors

/// Computes logits on request: reads a count a line, answers with the seconds of each batch.
enum InferenceProbe {
  static func run(model: String, batch: Int, side: Int, threads: Int) throws {
    guard batch > 0, side > 0, threads > 0 else {
      throw BalanceError(.usage, "batch, side and threads are positive numbers")
    }
    let input = ImageShape(height: side, width: side, channels: 3)
    let network = try ModelCatalog.network(model, input: input, classes: 10)
    let plan = try EvaluationPlan(
      network, parameters: Parameters(network, seed: 0), batchSize: batch,
      pool: ComputePool(threads: threads))
    var generator = KeyedGenerator(seed: 0, .test)
    let pixels = (0..<batch * input.count).map { _ in Float(generator.normal()) }
    try StepProbe.serve {
      _ = try pixels.withUnsafeBufferPointer { try plan.logits($0, count: batch) }
    }
  }
}
