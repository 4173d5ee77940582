import BalanceCore
import BalanceOptimizers

extension Optimizer {
  /// A step on arrays, in the given slices.
  func step(
    _ values: inout [Float], _ gradients: [Float], rate: Double, slices: [Range<Int>]? = nil,
    momentum: Double? = nil, frozen: Set<Int> = []
  ) {
    beginStep(momentum: momentum, frozen: frozen)
    values.withUnsafeMutableBufferPointer { values in
      gradients.withUnsafeBufferPointer { gradients in
        for range in slices ?? [0..<values.count] {
          step(values: values, gradients: gradients, learningRate: rate, range: range)
        }
      }
    }
  }
}

/// A small network's tensors in buffers with padding, and numbers to fill them.
enum Sample {
  static let count = 128
  static let tensors = [
    ParameterTensor(name: "conv.weight", shape: [4, 2, 3, 1], range: 0..<24),
    ParameterTensor(name: "norm.weight", shape: [4], range: 32..<36),
    ParameterTensor(name: "norm.bias", shape: [4], range: 48..<52),
    ParameterTensor(name: "linear.weight", shape: [5, 9], range: 64..<109),
    ParameterTensor(name: "linear.bias", shape: [5], range: 112..<117),
  ]

  static func tensors(rate: Double = 1, decay: Double = 1) -> [ParameterTensor] {
    tensors.map {
      ParameterTensor(
        name: $0.name, shape: $0.shape, range: $0.range, rateFactor: rate, decayFactor: decay)
    }
  }

  /// Zero in the padding.
  static func numbers(_ key: Int) -> [Float] {
    var generator = KeyedGenerator(seed: 3, .test, key)
    let numbers = (0..<count).map { _ in Float(generator.normal()) }
    return numbers.indices.map { i in
      tensors.contains { $0.range.contains(i) } ? numbers[i] : 0
    }
  }

  /// Gradients of which every other one is at a right angle to the values, channel by channel
  /// or layer by layer: what AdamP looks for.
  static func gradients(_ step: Int, _ values: [Float]) -> [Float] {
    var gradients = numbers(step)
    guard step % 2 == 1 else { return gradients }
    for tensor in tensors where tensor.shape.count > 1 {
      let row = step % 4 == 1 ? tensor.range.count / tensor.shape[0] : tensor.range.count
      for start in stride(from: tensor.range.lowerBound, to: tensor.range.upperBound, by: row) {
        let range = start..<start + row
        let along =
          range.reduce(0.0) { $0 + Double(gradients[$1]) * Double(values[$1]) }
          / range.reduce(0.0) { $0 + Double(values[$1]) * Double(values[$1]) }
        for i in range { gradients[i] -= Float(along * Double(values[i])) }
      }
    }
    return gradients
  }
}
