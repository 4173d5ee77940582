import BalanceCore
import BalanceOptimizers
import Foundation

/// Optimizer steps on tensors and gradients that another program wrote.
enum StepsProbe {
  struct Problem: Codable {
    let optimizer: OptimizerSpecification
    let momentum: Double
    let weightDecay: Double
    let tensors: [ParameterTensor]
    let clip: GradientClipping
    let ema: WeightAveraging
    /// The learning rate of each step.
    let rates: [Double]
  }

  /// Reads problem.json, start.bin (f32) and gradients.bin (f32 `[steps, values]`); writes
  /// values.bin and, with an average, average.bin.
  static func run(folder: URL) throws {
    func data(_ name: String) throws -> Data {
      try Data(contentsOf: folder.appendingPathComponent(name))
    }
    let problem = try CanonicalJSON.decode(Problem.self, from: data("problem.json"))
    let values = UnsafeMutableBufferPointer<Float>.copy(try data("start.bin"))
    let gradients = UnsafeMutableBufferPointer<Float>.copy(try data("gradients.bin"))
    defer {
      values.deallocate()
      gradients.deallocate()
    }
    guard gradients.count == values.count * problem.rates.count else {
      throw ProbeError(description: "\(gradients.count) gradients do not fit")
    }
    let rule = try problem.optimizer.rule(
      momentum: problem.momentum, weightDecay: problem.weightDecay)
    let optimizer = rule.optimizer(for: problem.tensors, count: values.count)
    let clipper = GradientClipper(problem.clip, ranges: problem.tensors.map(\.range))
    var average: MovingAverage?
    if case .ema(let decay, _) = problem.ema {
      average = MovingAverage(decay: decay, count: values.count)
    }
    // Uneven parts that end within tensors, the last first.
    let cuts = [0, values.count / 3, values.count / 3 + 5, values.count]
    let parts = zip(cuts, cuts.dropFirst()).map { $0..<$1 }.reversed()
    for (step, rate) in problem.rates.enumerated() {
      let range = step * values.count..<(step + 1) * values.count
      let gradient = UnsafeMutableBufferPointer(rebasing: gradients[range])
      clipper.measure(UnsafeBufferPointer(gradient), blocks: clipper.blocks.indices)
      for part in parts { clipper.apply(gradient, range: part) }
      optimizer.beginStep()
      for part in parts {
        optimizer.step(
          values: values, gradients: UnsafeBufferPointer(gradient), learningRate: rate, range: part)
      }
      average?.beginUpdate()
      for part in parts { average?.update(from: UnsafeBufferPointer(values), range: part) }
    }
    try Data(buffer: values).write(to: folder.appendingPathComponent("values.bin"))
    if let average {
      try Data(buffer: average.values).write(to: folder.appendingPathComponent("average.bin"))
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// The floats of a file.
  static func copy(_ data: Data) -> Self {
    let buffer = allocate(capacity: data.count / MemoryLayout<Float>.stride)
    _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
    return buffer
  }
}
