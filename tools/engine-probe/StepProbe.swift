import BalanceCore
import Foundation
import Networks
import Optimizers
import Tensors

/// Makes training steps on request: reads a count a line, answers with the seconds of each step.
enum StepProbe {
  private struct About: Codable {
    let versions: String
  }

  static func run(model: String, batch: Int, side: Int, threads: Int) throws {
    guard batch > 0, side > 0, threads > 0 else {
      throw BalanceError(.usage, "batch, side and threads are positive numbers")
    }
    let input = ImageShape(height: side, width: side, channels: 3)
    let network = try ModelCatalog.network(model, input: input, classes: 10)
    let step = try TrainingStep(
      Parameters(network, seed: 0), batch: batch, threads: threads, options: PlanOptions(),
      optimizer: SGD(momentum: 0.9, weightDecay: 5e-4))
    var generator = KeyedGenerator(seed: 0, .test)
    let pixels = (0..<batch * input.count).map { _ in Float(generator.normal()) }
    let labels = (0..<batch).map { _ in Int32(generator.below(10)) }
    try serve {
      try pixels.withUnsafeBufferPointer { pixels in
        try labels.withUnsafeBufferPointer { labels in
          _ = try step.run(pixels, labels, learningRate: 0.01)
        }
      }
    }
  }

  /// Says what computes, then times `body` as often as each line says.
  static func serve(_ body: () throws -> Void) throws {
    let about = Machine.libraryVersions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let header = About(versions: (about + [Machine.instructionSet]).joined(separator: ", "))
    try answer(String(decoding: try JSONEncoder().encode(header), as: UTF8.self))
    let clock = ContinuousClock()
    while let line = readLine(), let count = Int(line) {
      var times: [String] = []
      for _ in 0..<count { times.append("\(try clock.measure(body) / .seconds(1))") }
      try answer(times.joined(separator: " "))
    }
  }

  /// A line that the other side can read at once.
  private static func answer(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }
}
