import BalanceCore
import BalanceTensors
import Testing

/// Own Winograd kernels for each instruction set, beside naive loops.
@Suite(.enabled(if: Machine.supportsOwnKernels, "this machine lacks own kernels"))
struct WinogradConvolutionTests {
  private static let cases = ConvolutionCase.all.filter {
    $0.layout == .blocked && $0.window.kernel == 3 && $0.window.stride == 1
      && $0.window.dilation == 1 && $0.window.groups == 1
  }
  private static let variants = Machine.supportsAVX512 ? [false, true] : [false]

  /// What the kernels make of a case's operands.
  private struct Results: Equatable {
    var output: [Double]
    var sums: [Double]
    var inputGradient: [Double]
    var weightsGradient: [Float]
  }

  private static func operands(_ test: ConvolutionCase) -> (x: [Double], w: [Double], dy: [Double])
  {
    (
      ConvolutionCase.numbers(test.sourceSizes.reduce(1, *), seed: 1),
      ConvolutionCase.numbers(test.weightsCount, seed: 2),
      ConvolutionCase.numbers(test.destinationSizes.reduce(1, *), seed: 3)
    )
  }

  private func results(_ test: ConvolutionCase, _ type: ActivationType, avx512: Bool) throws
    -> Results
  {
    let w = test.window
    let (x, weights, dy) = Self.operands(test)
    func convolution(_ ins: Int, _ outs: Int) -> WinogradConvolution {
      WinogradConvolution(
        images: w.images, inChannels: ins, outChannels: outs, height: w.inHeight,
        width: w.inWidth, avx512: avx512)
    }
    func padded(_ values: [Double], _ sizes: [Int]) throws -> AlignedMemory {
      let tensor = try StoredTensor(sizes, type: .f32, values: values)
      let floats = WinogradConvolution.paddedCount(
        channels: sizes[1], height: sizes[2], width: sizes[3])
      let memory = try AlignedMemory(bytes: sizes[0] * floats * 4)
      BlockedKernels(
        images: sizes[0], channels: sizes[1], height: sizes[2], width: sizes[3], type: .f32
      ).scaleShift(
        tensor.memory.base, into: nil, padded: memory.pointer(at: 0, as: Float.self))
      return memory
    }
    let forward = convolution(w.inChannels, w.outChannels)
    let turned = convolution(w.outChannels, w.inChannels)
    let transformed = try AlignedMemory(bytes: forward.weightsCount * 4)
    let scratch = try AlignedMemory(bytes: max(forward.scratchBytes, turned.scratchBytes))
    let sums = try AlignedMemory(bytes: BlockedKernels.blocks(w.outChannels) * 16 * 2 * 8)
    func run(
      _ kernel: WinogradConvolution, turned: Bool, _ input: AlignedMemory, into sizes: [Int],
      sums: AlignedMemory?
    ) throws -> [Double] {
      let out = try StoredTensor(sizes, type: type)
      let u = transformed.pointer(at: 0, as: Float.self)
      kernel.transform(
        weights.map(Float.init), outChannels: w.outChannels, inChannels: w.inChannels,
        turned: turned, into: u)
      kernel.forward(
        input.pointer(at: 0, as: Float.self), u, into: out.memory.base, type: type,
        sums: sums?.pointer(at: 0, as: Double.self), scratch: scratch.base)
      return out.values
    }
    let (source, gradient) = (
      try padded(x, test.sourceSizes), try padded(dy, test.destinationSizes)
    )
    let output = try run(
      forward, turned: false, source, into: test.destinationSizes, sums: sums)
    let inputGradient = try run(
      turned, turned: true, gradient, into: test.sourceSizes, sums: nil)
    let part = try AlignedMemory(bytes: forward.weightsCount * 4)
    let partial = part.pointer(at: 0, as: Float.self)
    forward.addGradient(
      source.pointer(at: 0, as: Float.self), gradient.pointer(at: 0, as: Float.self),
      to: partial, scratch: scratch.base)
    var weightsGradient = [Float](repeating: 0, count: test.weightsCount)
    forward.weightsGradient(
      [UnsafePointer(partial)], outChannels: w.outChannels, inChannels: w.inChannels,
      into: &weightsGradient)
    let lanes = BlockedKernels.blocks(w.outChannels) * 16
    let values = sums.pointer(at: 0, as: Double.self)
    return Results(
      output: output, sums: (0..<2 * lanes).map { values[$0] }, inputGradient: inputGradient,
      weightsGradient: weightsGradient)
  }

  @Test(arguments: cases, variants)
  func equalsNaiveLoops(_ test: ConvolutionCase, avx512: Bool) throws {
    let (x, weights, dy) = Self.operands(test)
    let channels = test.window.outChannels
    let plane = test.window.outHeight * test.window.outWidth
    let y = test.forward(x, weights, [Double](repeating: 0, count: channels))
    var sums = [Double](repeating: 0, count: 2 * BlockedKernels.blocks(channels) * 16)
    for (i, value) in y.enumerated() {
      sums[i / plane % channels] += value
      sums[sums.count / 2 + i / plane % channels] += value * value
    }
    for type in ActivationType.supported {
      let results = try results(test, type, avx512: avx512)
      #expect(relativeError(results.output, y) < type.tolerance)
      #expect(relativeError(results.sums, sums) < 1e-5)
      #expect(
        relativeError(results.inputGradient, test.sourceGradient(dy, weights)) < type.tolerance)
      #expect(
        relativeError(results.weightsGradient.map(Double.init), test.weightsGradient(x, dy))
          < ActivationType.f32.tolerance)
    }
  }

  /// Runs on machines with and without AVX-512 can be compared bit for bit.
  @Test(.enabled(if: Machine.supportsAVX512), arguments: cases)
  func bitsAreTheSameForEachInstructionSet(_ test: ConvolutionCase) throws {
    for type in ActivationType.supported {
      #expect(try results(test, type, avx512: true) == results(test, type, avx512: false))
    }
  }
}
