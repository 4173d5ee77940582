import BalanceCore
import BalanceTensors

/// y = f(W' ∗ x + b' + residual) as `FoldedConvolutionStep`, for 3×3 windows of stride 1 by own
/// Winograd kernels, a few images at a time.
///
/// Where there are fewer images than threads, the threads share each image: first the blocks of
/// channels that they copy, then the blocks of filters that they compute.
final class FoldedWinogradStep: PlanStep {
  /// A thread's part of the filters.
  private struct Part {
    /// Blocks of sixteen filters.
    let blocks: Range<Int>
    let filters: Range<Int>
    let convolution: WinogradConvolution
    let transformed: AlignedMemory
  }

  private let folded: FoldedParameters
  private let input: PlanValue
  private let output: PlanValue
  private let residual: PlanValue?
  private let activation: ActivationKernels.Kind?
  private let memory: PlanMemory
  private let maps: PaddedMaps
  private let map: PaddedMaps.Kind
  private let parts: [Part]
  private let scratch: PlanBuffer
  private let scratchBytes: Int
  /// W' ∗ x of a few images: the output may hold the residual until that is added.
  private let product: PlanBuffer
  /// Images at a time.
  private let chunk: Int

  var weight: Int { folded.weights.count }
  var algorithms: PlannedConvolution.Passes? { .init(.ownWinograd) }

  init(
    _ convolution: FoldedConvolution, input: PlanValue, residual: PlanValue?, output: PlanValue,
    at time: Int, in plan: PlanCompiler
  ) throws(BalanceError) {
    folded = try FoldedParameters(convolution, channels: output.image.channels, in: plan)
    self.input = input
    self.output = output
    self.residual = residual
    activation = convolution.activation.kernel
    memory = plan.memory
    maps = plan.paddedMaps
    scratch = plan.scratch
    map = PaddedMaps.Kind(input.image, .input)
    let parts = try Self.parts(memory.primitiveThreads, from: input.image, to: output.image)
    self.parts = parts
    chunk = memory.primitiveThreads > 1 ? 1 : Self.chunk(map, output.image, memory)
    product = memory.fixed(bytes: chunk * output.bytesPerImage)
    product.touch(time)
    maps.require(map, images: chunk)
    scratchBytes = ((parts.map(\.convolution.scratchBytes).max() ?? 0) + 63) / 64 * 64
    scratch.require(bytes: scratchBytes * parts.count)
  }

  private static func parts(
    _ threads: Int, from input: ImageShape, to output: ImageShape
  ) throws(BalanceError) -> [Part] {
    var parts: [Part] = []
    let all = BlockedKernels.blocks(output.channels)
    for blocks in ThreadContext.slices(of: all, among: threads) {
      let filters = blocks.lowerBound * 16..<min(blocks.upperBound * 16, output.channels)
      let convolution = WinogradConvolution(
        images: 0, inChannels: input.channels, outChannels: filters.count, height: output.height,
        width: output.width)
      parts.append(
        Part(
          blocks: blocks, filters: filters, convolution: convolution,
          transformed: try AlignedMemory(bytes: convolution.weightsCount * 4)))
    }
    return parts
  }

  /// As many images as fill a part of the cache, and enough tiles for each reading of the weights.
  private static func chunk(_ map: PaddedMaps.Kind, _ output: ImageShape, _ memory: PlanMemory)
    -> Int
  {
    let tiles = WinogradConvolution.tiles(height: output.height, width: output.width)
    let wanted = max((384 << 10) / (map.floats * 4), (64 + tiles - 1) / tiles)
    return max(1, min(wanted, memory.slices.map(\.count).max() ?? 1))
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("a folded convolution has no gradient")
  }

  func prepare() {
    let inChannels = input.image.channels
    folded.fold { weights in
      for part in parts {
        part.convolution.transform(
          weights + part.filters.lowerBound * inChannels * 9, outChannels: part.filters.count,
          inChannels: inChannels, turned: false,
          into: part.transformed.pointer(at: 0, as: Float.self))
      }
    }
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    // Parts write to different blocks.
    nonisolated(unsafe) let step = self
    for first in stride(from: 0, to: memory.images(t), by: chunk) {
      let images = first..<min(first + chunk, memory.images(t))
      OpenMPThreads.run(parts.count) { step.pad(images, t, part: $0) }
      OpenMPThreads.run(parts.count) { step.convolve(images, t, part: $0) }
    }
  }

  /// Copies a part of the input's channels within zeros.
  private func pad(_ images: Range<Int>, _ thread: Int, part: Int) {
    let all = BlockedKernels.blocks(input.image.channels)
    let blocks = ThreadContext.slice(of: all, part, of: parts.count)
    if blocks.isEmpty { return }
    BlockedKernels(input, images: images.count, blocks: blocks).scaleShift(
      memory.address(input, images, thread) + blocks.lowerBound * (input.bytesPerImage / all),
      into: nil, padded: maps.pointer(map, thread) + blocks.lowerBound * (map.floats / all))
  }

  /// Computes a part of the filters.
  private func convolve(_ images: Range<Int>, _ thread: Int, part index: Int) {
    let part = parts[index]
    let blockBytes = output.bytesPerImage / BlockedKernels.blocks(output.image.channels)
    let offset = part.blocks.lowerBound * blockBytes
    let product = memory.raw(product, thread) + offset
    part.convolution.over(images: images.count).forward(
      maps.pointer(map, thread), part.transformed.pointer(at: 0, as: Float.self), into: product,
      type: output.type, sums: nil, scratch: memory.raw(scratch, thread) + index * scratchBytes)
    BlockedKernels(output, images: images.count, blocks: part.blocks).scaleShift(
      product, shift: folded.foldedBias + part.filters.lowerBound,
      residual: residual.map { UnsafeRawPointer(memory.address($0, images, thread)) + offset },
      activation: activation, into: memory.address(output, images, thread) + offset)
  }

  func backward(_ thread: ThreadContext) {}
}
