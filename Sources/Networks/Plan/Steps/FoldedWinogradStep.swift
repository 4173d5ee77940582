import BalanceCore
import Tensors

/// y = f(W' ∗ x + b' + residual) as `FoldedConvolutionStep`, for 3×3 windows of stride 1 by own
/// Winograd kernels, a few images at a time.
final class FoldedWinogradStep: PlanStep {
  private let folded: FoldedParameters
  private let input: PlanValue
  private let output: PlanValue
  private let residual: PlanValue?
  private let activation: ActivationKernels.Kind?
  private let memory: PlanMemory
  private let maps: PaddedMaps
  private let map: PaddedMaps.Kind
  private let convolution: WinogradConvolution
  private let transformed: AlignedMemory
  private let scratch: PlanBuffer
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
    let (from, to) = (input.image, output.image)
    self.convolution = WinogradConvolution(
      images: 0, inChannels: from.channels, outChannels: to.channels, height: to.height,
      width: to.width)
    transformed = try AlignedMemory(bytes: self.convolution.weightsCount * 4)
    map = PaddedMaps.Kind(from, .input)
    // As many images as fill a part of the cache, and enough tiles for each reading of the weights.
    let tiles = WinogradConvolution.tiles(height: to.height, width: to.width)
    let wanted = max((384 << 10) / (map.floats * 4), (64 + tiles - 1) / tiles)
    chunk = max(1, min(wanted, memory.slices.map(\.count).max() ?? 1))
    product = memory.fixed(bytes: chunk * output.bytesPerImage)
    product.touch(time)
    maps.require(map, images: chunk)
    scratch.require(bytes: self.convolution.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("a folded convolution has no gradient")
  }

  func prepare() {
    folded.fold {
      convolution.transform(
        $0, outChannels: output.image.channels, inChannels: input.image.channels, turned: false,
        into: transformed.pointer(at: 0, as: Float.self))
    }
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    let padded = maps.pointer(map, t)
    for first in stride(from: 0, to: memory.images(t), by: chunk) {
      let images = first..<min(first + chunk, memory.images(t))
      BlockedKernels(input, images: images.count).scaleShift(
        memory.address(input, images, t),
        into: nil, padded: padded)
      convolution.over(images: images.count).forward(
        padded, transformed.pointer(at: 0, as: Float.self), into: memory.raw(product, t),
        type: output.type, sums: nil, scratch: memory.pointer(scratch, t))
      BlockedKernels(output, images: images.count).scaleShift(
        memory.raw(product, t), shift: folded.foldedBias,
        residual: residual.map { UnsafeRawPointer(memory.address($0, images, t)) },
        activation: activation, into: memory.address(output, images, t))
    }
  }

  func backward(_ thread: ThreadContext) {}
}
