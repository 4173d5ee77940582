import BalanceCore
import BalanceTensors
import Foundation
import Testing

/// Own convolutions with all that they do to their sums, beside naive loops. Each kernel takes the
/// cases that fit it.
@Suite(.enabled(if: Machine.supportsOwnKernels, "this machine lacks own kernels"))
struct DirectKernelTests {
  private typealias Activation = ConvolutionPrimitive.Epilogue.Activation

  private static let activations: [(Activation, @Sendable (Double) -> Double)] = [
    (.identity, { $0 }),
    (.relu, { max($0, 0) }),
    (.relu6, { min(max($0, 0), 6) }),
    (.silu, { $0 / (1 + exp(-$0)) }),
    (.hardSwish, { $0 * min(max($0 + 3, 0), 6) / 6 }),
  ]

  private func cases<Kernel: DirectKernel>(_ kernel: Kernel.Type) -> [ConvolutionCase] {
    ConvolutionCase.all.filter { $0.layout == kernel.source && kernel.fits($0.window) }
  }

  private func forwardEqualsNaiveLoops<Kernel: DirectKernel>(_: Kernel.Type, cases expected: Int)
    throws
  {
    let cases = cases(Kernel.self)
    #expect(cases.count >= expected)
    for test in cases {
      for (type, avx512) in Self.variants {
        for (activation, function) in Self.activations {
          for adds in [false, true] {
            let error = try error(
              Kernel.self, test, type, avx512: avx512, activation, function, adds: adds)
            #expect(
              error < type.tolerance,
              "\(test), \(type), AVX-512 \(avx512), \(activation), residual \(adds)")
          }
        }
      }
    }
  }

  /// What kernels are compiled for, and this machine can run.
  private static let variants = ActivationType.supported.flatMap { type in
    [(type, true), (type, false)].filter { type, avx512 in
      avx512 ? Machine.supportsAVX512 : type == .f32
    }
  }

  /// The output in four parts, as threads share it, where it has two blocks and rows or more.
  private func parts(of window: WindowGeometry) -> [KernelPart] {
    let (blocks, rows) = (BlockedKernels.blocks(window.outChannels), window.outHeight)
    return [0..<blocks / 2, blocks / 2..<blocks].flatMap { blocks in
      [0..<rows / 2, rows / 2..<rows].map { KernelPart(blocks: blocks, rows: $0) }
    }
  }

  /// ‖y − expected‖ / ‖expected‖, or infinity where a lane past the last channel is not zero.
  private func error<Kernel: DirectKernel>(
    _: Kernel.Type, _ test: ConvolutionCase, _ type: ActivationType, avx512: Bool,
    _ activation: Activation, _ function: (Double) -> Double, adds: Bool
  ) throws -> Double {
    let x = try StoredTensor(
      test.sourceSizes, layout: test.layout, type: type,
      values: ConvolutionCase.numbers(test.sourceSizes.reduce(1, *), seed: 1))
    let residual = ConvolutionCase.numbers(test.destinationSizes.reduce(1, *), seed: 2)
    // The residual lies where the output goes.
    let y = try StoredTensor(test.destinationSizes, type: type, values: residual)
    let weights = ConvolutionCase.numbers(test.weightsCount, seed: 3)
    let bias = ConvolutionCase.numbers(test.window.outChannels, seed: 4)
    let padded = try AlignedMemory(bytes: BlockedKernels.blocks(test.window.outChannels) * 64)
    for (i, value) in bias.enumerated() {
      padded.pointer(at: 0, as: Float.self)[i] = Float(value)
    }
    let kernel = Kernel(test.window, avx512: avx512)
    let packed = try AlignedMemory(bytes: kernel.weightsCount * 4)
    let scratch = try AlignedMemory(bytes: kernel.scratchBytes)
    kernel.pack(weights.map(Float.init), into: packed.pointer(at: 0, as: Float.self))
    for part in parts(of: test.window) {
      kernel.forward(
        part, x.memory.base, packed.pointer(at: 0, as: Float.self),
        KernelEpilogue(
          bias: padded.pointer(at: 0, as: Float.self), residual: adds ? y.memory.base : nil,
          activation: activation),
        into: y.memory.base, type: type, scratch: scratch.base)
    }
    let expected = zip(test.forward(x.values, weights, bias), residual).map {
      function($0 + (adds ? $1 : 0))
    }
    return y.largestPadding == 0 ? relativeError(y.values, expected) : .infinity
  }

  @Test func pointwise() throws { try forwardEqualsNaiveLoops(PointwiseConvolution.self, cases: 5) }
  @Test func depthwise() throws { try forwardEqualsNaiveLoops(DepthwiseConvolution.self, cases: 6) }
  @Test func planar() throws { try forwardEqualsNaiveLoops(PlanarConvolution.self, cases: 3) }
}
