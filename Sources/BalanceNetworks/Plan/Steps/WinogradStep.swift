import BalanceCore
import BalanceTensors

/// y = W ∗ x for 3×3 windows of stride 1 by own Winograd kernels, a few images at a time, with the
/// neighbouring elementwise layers' work done while those images are in the cache (see `Fusion`).
///
///     forward, for a few images:   x = source          y = W ∗ x, sums of y
///     backward, for a few images:  dy = norm's gradient, x = source
///                                  dW += x ∗ dy         dx = Wᵀ ∗ dy, masked by the source
final class WinogradStep: PlanStep, NormFeeder {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let maps: PaddedMaps
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  private let isFrozen: Bool
  private let scratch: PlanBuffer
  /// Computes the input for this layer, rather than leaving it in memory.
  private let source: ElementwiseStep?
  /// The norm that reads the output, and nobody else does.
  private var target: (any NormGradientSource)?
  private let convolution: WinogradConvolution
  private let transposed: WinogradConvolution
  /// Of the forward pass, then, turned, of the backward pass.
  private let transformed: AlignedMemory
  /// Images at a time.
  private let chunk: Int
  private let inputMap: PaddedMaps.Kind
  private let outputMap: PaddedMaps.Kind
  private var outputGradient: IncomingGradient?
  /// dx of a few images where the source masks it, else of all.
  private var inputGradient: PlanBuffer?
  private var partialWeights: PlanBuffer?

  var weight: Int { weights.count }
  var algorithms: PlannedConvolution.Passes? { .init(.ownWinograd) }

  init(
    node: Int, input: PlanValue, output: PlanValue, source: ElementwiseStep?, in plan: PlanCompiler
  ) throws(BalanceError) {
    guard let weights = plan.entry(node, "weight") else {
      preconditionFailure("node \(node) has no weights")
    }
    self.weights = weights
    self.input = input
    self.output = output
    self.source = source
    memory = plan.memory
    maps = plan.paddedMaps
    parameters = plan.parameters
    isFrozen = plan.isFrozen(node)
    scratch = plan.scratch
    let (from, to) = (input.image, output.image)
    convolution = WinogradConvolution(
      images: 0, inChannels: from.channels, outChannels: to.channels, height: to.height,
      width: to.width)
    transposed = WinogradConvolution(
      images: 0, inChannels: to.channels, outChannels: from.channels, height: to.height,
      width: to.width)
    inputMap = PaddedMaps.Kind(from, .input)
    outputMap = PaddedMaps.Kind(to, .outputGradient)
    chunk = Self.chunk(max(inputMap.floats, outputMap.floats))
    transformed = try AlignedMemory(
      bytes: max(convolution.weightsCount, transposed.weightsCount) * 4)
    maps.require(inputMap, images: chunk)
    scratch.require(bytes: max(convolution.scratchBytes, transposed.scratchBytes))
  }

  func feed(_ target: any NormGradientSource) { self.target = target }

  /// So many images that their maps fill a part of the second-level cache.
  private static func chunk(_ floats: Int) -> Int { max(1, (384 << 10) / (floats * 4)) }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    maps.require(outputMap, images: chunk)
    if let target {
      target.touchGradient(time)
    } else {
      outputGradient = IncomingGradient(incoming, of: output, at: time, in: plan)
    }
    if plan.needsGradient(input.id) {
      let gradient: PlanBuffer
      if source != nil {
        // Convolved gradients of a few images, before the source masks them, are f32.
        gradient = memory.fixed(bytes: chunk * input.elements * 4)
      } else {
        gradient = memory.perImage(like: input)
        plan.contribute(gradient, to: input.id)
      }
      gradient.touch(time)
      inputGradient = gradient
    }
    if isFrozen { return }
    if let source { source.touchSources(time) } else { input.buffer.touch(time) }
    partialWeights = plan.gradientSum(bytes: convolution.weightsCount * 4, at: time)
  }

  func prepare() { transform(convolution, turned: false) }

  func prepareBackward() {
    if inputGradient != nil { transform(transposed, turned: true) }
  }

  private func transform(_ convolution: WinogradConvolution, turned: Bool) {
    guard let values = parameters.values.baseAddress else { return }
    convolution.transform(
      values + weights.range.lowerBound, outChannels: output.image.channels,
      inChannels: input.image.channels, turned: turned,
      into: transformed.pointer(at: 0, as: Float.self))
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    let padded = maps.pointer(inputMap, t)
    let sums = target?.beginSums(t)
    forEachChunk(t) { images in
      writeInput(images, t, into: padded, keep: true)
      convolution.over(images: images.count).forward(
        padded, transformed.pointer(at: 0, as: Float.self),
        into: memory.address(output, images, t), type: output.type, sums: sums,
        scratch: memory.pointer(scratch, t))
    }
  }

  func backward(_ thread: ThreadContext) {
    let t = thread.index
    let padded = maps.pointer(inputMap, t)
    let gradient = maps.pointer(outputMap, t)
    let partial = partialWeights.map { memory.pointer($0, t) }
    partial?.update(repeating: 0, count: convolution.weightsCount)
    let dy = outputGradient?.resolve(thread)
    source?.beginGradient(thread)
    forEachChunk(t) { images in
      if let target {
        target.writeGradient(images, t, into: nil, padded: gradient)
      } else if let dy {
        let offset = images.lowerBound * output.bytesPerImage
        kernels(output, images.count).scaleShift(
          dy + offset, into: nil,
          padded: gradient)
      }
      if let partial {
        writeInput(images, t, into: padded, keep: false)
        convolution.over(images: images.count).addGradient(
          padded, gradient, to: partial, scratch: memory.pointer(scratch, t))
      }
      writeInputGradient(images, t, gradient)
    }
  }

  func finish() {
    guard let partialWeights, let gradients = parameters.gradients.baseAddress else { return }
    convolution.weightsGradient(
      memory.slices.indices.map { UnsafePointer(memory.pointer(partialWeights, $0)) },
      outChannels: output.image.channels, inChannels: input.image.channels,
      into: gradients + weights.range.lowerBound)
  }

  /// The input of these images of a thread, within zeros; `keep` also stores it where that is due.
  private func writeInput(
    _ images: Range<Int>, _ thread: Int, into padded: UnsafeMutablePointer<Float>, keep: Bool
  ) {
    if let source {
      source.apply(images, thread, padded: padded, keep: keep)
    } else {
      kernels(input, images.count).scaleShift(
        memory.address(input, images, thread),
        into: nil, padded: padded)
    }
  }

  private func writeInputGradient(
    _ images: Range<Int>, _ thread: Int, _ gradient: UnsafePointer<Float>
  ) {
    guard let inputGradient else { return }
    let offset = source == nil ? images.lowerBound * input.bytesPerImage : 0
    let dx = memory.raw(inputGradient, thread) + offset
    transposed.over(images: images.count).forward(
      gradient, transformed.pointer(at: 0, as: Float.self), into: dx,
      type: source == nil ? input.type : .f32, sums: nil,
      scratch: memory.pointer(scratch, thread))
    source?.maskGradient(images, thread, dx, of: .f32)
  }

  private func forEachChunk(_ thread: Int, _ body: (Range<Int>) -> Void) {
    let count = memory.images(thread)
    for first in stride(from: 0, to: count, by: chunk) {
      body(first..<min(first + chunk, count))
    }
  }

  private func kernels(_ value: PlanValue, _ images: Int) -> BlockedKernels {
    BlockedKernels(value, images: images)
  }
}
