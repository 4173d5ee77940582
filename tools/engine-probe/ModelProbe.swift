import BalanceCore
import BalanceNetworks
import BalanceTensors
import Foundation

/// Computes a model's logits and gradients from weights and pixels that another program wrote.
enum ModelProbe {
  private struct Problem: Codable {
    let batch: Int
    let options: PlanOptions
    let threads: Int
  }

  /// Reads problem.json, weights.safetensors, pixels.bin (f32 `[batch, H, W, C]`) and gradient.bin
  /// (f32 `[batch, classes]`, with respect to the training logits). Writes evaluation.bin and
  /// training.bin (logits of both modes, dropout and stochastic depth at 0 in both),
  /// gradients.safetensors, saved.safetensors (the weights as they were read), new.safetensors
  /// (new weights) and report.json (seconds to make a training plan).
  static func run(_ folder: ProbeFolder) throws {
    let problem = try folder.decode(Problem.self)
    let network = try folder.decode(ProbeFolder.Model.self).network().withoutDropout()
    let pool = try ComputePool(threads: problem.threads)
    let options = problem.options
    try Parameters(network, seed: 1).save(to: folder("new.safetensors"))
    let parameters = try Parameters(network, seed: 0)
    try parameters.load(from: folder("weights.safetensors"))
    try parameters.save(to: folder("saved.safetensors"))
    let pixels = try folder.values("pixels.bin")
    let gradient = try folder.values("gradient.bin")

    let evaluation = try EvaluationPlan(
      network, parameters: parameters, batchSize: problem.batch, pool: pool, options: options)
    try pixels.withUnsafeBufferPointer {
      Data(buffer: try evaluation.logits($0, count: problem.batch))
    }.write(to: folder("evaluation.bin"))

    let start = ContinuousClock.now
    let training = try TrainingPlan(
      network, parameters: parameters, batchSize: problem.batch, pool: pool, options: options)
    let planning = start.duration(to: .now) / .seconds(1)
    try pixels.withUnsafeBufferPointer {
      Data(buffer: try training.forward($0, count: problem.batch))
    }.write(to: folder("training.bin"))
    gradient.withUnsafeBufferPointer { training.backward($0) }
    _ = parameters.values.update(from: parameters.gradients)
    try parameters.save(to: folder("gradients.safetensors"))
    try CanonicalJSON.encode(["planSeconds": planning]).write(to: folder("report.json"))
  }
}

extension Network {
  fileprivate func withoutDropout() throws -> Network {
    let nodes = nodes.map { node in
      let operation: BalanceNetworks.Operation =
        switch node.operation {
        case .dropout: .dropout(0)
        case .stochasticDepth: .stochasticDepth(0)
        default: node.operation
        }
      return Node(name: node.name, operation: operation, inputs: node.inputs, stage: node.stage)
    }
    return try Network(
      name: name, input: input, classes: classes, nodes: nodes, initialization: initialization)
  }
}
