import BalanceCore
import BalanceTensors
import Foundation
import Testing

/// ‖a − b‖ / ‖b‖.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (difference / b.reduce(1e-300) { $0 + $1 * $1 }).squareRoot()
}

extension ActivationType {
  /// What this machine computes with.
  static var supported: [ActivationType] { Machine.supportsBF16 ? [.f32, .bf16] : [.f32] }

  /// For sums of up to a thousand products, stored in this type: an f32 sum loses a few units in
  /// the last place, a stored bf16 up to 2⁻⁹ of itself.
  var tolerance: Double { self == .bf16 ? 3e-3 : 5e-6 }
}

@Suite struct ConvolutionPrimitiveTests {
  private typealias Epilogue = ConvolutionPrimitive.Epilogue

  /// Operands of one case.
  private struct Operands {
    let source: StoredTensor
    let destination: StoredTensor
    let weights: [Double]
    let bias: AlignedMemory

    init(_ test: ConvolutionCase, _ type: ActivationType) throws {
      source = try StoredTensor(
        test.sourceSizes, layout: test.layout, type: type,
        values: ConvolutionCase.numbers(test.sourceSizes.reduce(1, *), seed: 1))
      destination = try StoredTensor(
        test.destinationSizes, type: type,
        values: ConvolutionCase.numbers(test.destinationSizes.reduce(1, *), seed: 2))
      weights = ConvolutionCase.numbers(test.weightsCount, seed: 3)
      bias = try AlignedMemory(bytes: test.window.outChannels * 4)
      for (i, value) in ConvolutionCase.numbers(test.window.outChannels, seed: 4).enumerated() {
        bias.pointer(at: 0, as: Float.self)[i] = Float(value)
      }
    }

    func biasValues(_ count: Int) -> [Double] {
      (0..<count).map { Double(bias.pointer(at: 0, as: Float.self)[$0]) }
    }

    /// Runs a primitive on these operands; backward over weights gives their gradient.
    @discardableResult
    func run(_ primitive: ConvolutionPrimitive, gradientOfWeights: Bool = false) throws -> [Double]
    {
      let packed = try AlignedMemory(bytes: primitive.weightsBytes)
      let scratch = try AlignedMemory(bytes: primitive.scratchBytes)
      var plain = weights.map(Float.init)
      if !gradientOfWeights { primitive.pack(plain, into: packed.base) }
      primitive.execute(
        source: source.memory.base, packed: packed.base, bias: bias.base,
        destination: destination.memory.base, scratch: scratch.base)
      if gradientOfWeights { primitive.unpack(packed.base, into: &plain) }
      return plain.map(Double.init)
    }
  }

  @Test(.enabled(if: Machine.supportsBF16, "this machine has no bf16 arithmetic"))
  func bf16IsTestedToo() {
    #expect(ActivationType.supported.contains(.bf16))
  }

  @Test(arguments: ConvolutionCase.all, [1, 2])
  func forwardAndBackwardEqualNaiveLoops(_ test: ConvolutionCase, threads: Int) throws {
    for type in ActivationType.supported {
      func primitive(_ direction: ConvolutionPrimitive.Direction) throws -> ConvolutionPrimitive {
        try ConvolutionPrimitive(
          test.window, direction: direction, algorithm: .direct, source: test.layout,
          hasBias: direction != .backwardData, type: type, threads: threads)
      }
      var operands = try Operands(test, type)
      let source = operands.source.values
      let gradient = operands.destination.values
      let bias = operands.biasValues(test.window.outChannels)
      try operands.run(primitive(.forward))
      let y = test.forward(source, operands.weights, bias)
      #expect(relativeError(operands.destination.values, y) < type.tolerance, "\(type)")
      #expect(operands.destination.largestPadding == 0, "\(type), lanes past the last channel")

      operands = try Operands(test, type)
      let dW = try operands.run(primitive(.backwardWeights), gradientOfWeights: true)
      let expected = test.weightsGradient(source, gradient)
      // Gradients of weights are f32 whatever the activations are.
      #expect(relativeError(dW, expected) < ActivationType.f32.tolerance, "\(type)")
      let db = operands.biasValues(test.window.outChannels)
      #expect(relativeError(db, test.biasGradient(gradient)) < ActivationType.f32.tolerance)

      guard test.layout == .blocked else { continue }
      operands = try Operands(test, type)
      try operands.run(primitive(.backwardData))
      let dx = test.sourceGradient(gradient, operands.weights)
      #expect(relativeError(operands.source.values, dx) < type.tolerance, "\(type)")
      #expect(operands.source.largestPadding == 0, "\(type), lanes past the last channel")
    }
  }

  @Test(arguments: ConvolutionCase.all)
  func epiloguesEqualNaiveLoops(_ test: ConvolutionCase) throws {
    let activations: [(Epilogue.Activation, @Sendable (Double) -> Double)] = [
      (.identity, { $0 }),
      (.relu, { max($0, 0) }),
      (.relu6, { min(max($0, 0), 6) }),
      (.silu, { $0 / (1 + exp(-$0)) }),
      (.hardSwish, { $0 * min(max($0 + 3, 0), 6) / 6 }),
    ]
    for type in ActivationType.supported {
      for (activation, function) in activations {
        for adds in [false, true] {
          let operands = try Operands(test, type)
          let residual = operands.destination.values
          let bias = operands.biasValues(test.window.outChannels)
          let y = test.forward(operands.source.values, operands.weights, bias)
          let expected = zip(y, residual).map { function($0 + (adds ? $1 : 0)) }
          try operands.run(
            ConvolutionPrimitive(
              test.window, direction: .forward, algorithm: .direct, source: test.layout,
              hasBias: true, type: type,
              epilogue: .init(addsDestination: adds, activation: activation)))
          let error = relativeError(operands.destination.values, expected)
          #expect(error < type.tolerance, "\(type), \(activation), residual \(adds)")
          #expect(operands.destination.largestPadding == 0, "\(type), \(activation)")
        }
      }
    }
  }
}
