import BalanceCore
import Foundation
import Networks
import Tensors

/// Computes a model's logits and gradients from weights and pixels that another program wrote.
enum ModelProbe {
  struct Problem: Codable {
    let model: String
    let height: Int
    let width: Int
    let channels: Int
    let classes: Int
    let batch: Int
    let options: PlanOptions
    let threads: Int
  }

  /// Reads problem.json, weights.safetensors, pixels.bin (f32 `[batch, H, W, C]`) and gradient.bin
  /// (f32 `[batch, classes]`, with respect to the training logits). Writes evaluation.bin and
  /// training.bin (logits of both modes, dropout and stochastic depth at 0 in both),
  /// gradients.safetensors, saved.safetensors (the weights as they were read), new.safetensors
  /// (new weights) and report.json (seconds to make a training plan).
  static func run(folder: URL) throws {
    func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
    func floats(_ name: String) throws -> [Float] {
      try Data(contentsOf: url(name)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
    let problem = try CanonicalJSON.decode(
      Problem.self, from: Data(contentsOf: url("problem.json")))
    let network = try ModelCatalog.network(
      problem.model,
      input: ImageShape(height: problem.height, width: problem.width, channels: problem.channels),
      classes: problem.classes
    ).withoutDropout()
    let pool = try ComputePool(threads: problem.threads)
    let options = problem.options
    try Parameters(network, seed: 1).save(to: url("new.safetensors"))
    let parameters = try Parameters(network, seed: 0)
    try parameters.load(from: url("weights.safetensors"))
    try parameters.save(to: url("saved.safetensors"))
    let pixels = try floats("pixels.bin")
    let gradient = try floats("gradient.bin")

    let evaluation = try EvaluationPlan(
      network, parameters: parameters, batchSize: problem.batch, pool: pool, options: options)
    try pixels.withUnsafeBufferPointer {
      Data(buffer: try evaluation.logits($0, count: problem.batch))
    }.write(to: url("evaluation.bin"))

    let start = ContinuousClock.now
    let training = try TrainingPlan(
      network, parameters: parameters, batchSize: problem.batch, pool: pool, options: options)
    let planning = start.duration(to: .now) / .seconds(1)
    try pixels.withUnsafeBufferPointer {
      Data(buffer: try training.forward($0, count: problem.batch))
    }.write(to: url("training.bin"))
    gradient.withUnsafeBufferPointer { training.backward($0) }
    _ = parameters.values.update(from: parameters.gradients)
    try parameters.save(to: url("gradients.safetensors"))
    try CanonicalJSON.encode(["planSeconds": planning]).write(to: url("report.json"))
  }
}

extension Network {
  fileprivate func withoutDropout() throws -> Network {
    let nodes = nodes.map { node in
      let operation: Networks.Operation =
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
