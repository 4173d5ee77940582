import BalanceCore
import BalanceTensors

/// By oneDNN: each thread computes the gradient of its part of the filters over the whole batch.
///
/// Where weights outweigh activations, a copy of all threads' maps costs less than a weight
/// gradient a thread and their sum, and takes less memory.
struct SharedWeightGradient: ConvolutionWeightGradient {
  /// A thread's part.
  private struct Part {
    let filters: Range<Int>
    let primitive: ConvolutionPrimitive
    /// Bytes of these filters' maps of an image, which lie together, and of those before them.
    let bytes: Int
    let offset: Int
  }

  private let memory: PlanMemory
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  private let bias: Parameters.Tensor?
  private let input: PlanValue
  private let output: PlanValue
  private let outputGradient: PlanBuffer
  private let parts: [Part?]
  /// Of the whole batch: the input, and the gradient of the thread's filters.
  private let inputCopy: PlanBuffer
  private let gradientCopy: PlanBuffer
  private let packed: PlanBuffer
  private let packedBias: PlanBuffer

  /// - Parameters:
  ///   - outputGradient: where each thread has the gradient of its images by the time of `sum`.
  ///   - weights: what the convolution multiplies by, and `bias` what it adds.
  init(
    _ options: Operation.Convolution, from input: PlanValue, to output: PlanValue,
    outputGradient: PlanBuffer, weights: Parameters.Tensor, bias: Parameters.Tensor?, at time: Int,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    let (memory, batch) = (plan.memory, plan.memory.batch)
    self.memory = memory
    self.input = input
    self.output = output
    self.outputGradient = outputGradient
    self.weights = weights
    self.bias = bias
    parameters = plan.parameters
    let blockBytes = output.bytesPerImage / BlockedKernels.blocks(options.filters)
    var parts: [Part?] = []
    for thread in memory.slices.indices {
      let blocks = ThreadContext.slice(
        of: BlockedKernels.blocks(options.filters), thread, of: memory.slices.count)
      var part = options
      part.filters = blocks.count * 16
      parts.append(
        blocks.isEmpty
          ? nil
          : Part(
            filters: blocks.lowerBound * 16..<blocks.upperBound * 16,
            primitive: try ConvolutionRule.primitive(
              part, over: input, images: batch, .backwardWeights, hasBias: options.bias,
              options: plan.options),
            bytes: blocks.count * blockBytes, offset: blocks.lowerBound * blockBytes))
    }
    self.parts = parts
    func buffer(_ bytes: Int) -> PlanBuffer {
      let buffer = memory.fixed(bytes: bytes)
      buffer.touch(time)
      return buffer
    }
    let used = parts.compactMap { $0 }
    inputCopy = buffer(batch * input.bytesPerImage)
    gradientCopy = buffer(batch * (used.map(\.bytes).max() ?? 0))
    packed = buffer(used.map(\.primitive.weightsBytes).max() ?? 0)
    packedBias = buffer((used.map(\.filters.count).max() ?? 0) * 4)
  }

  /// Whether a convolution has so many weights that this is the way to their gradient.
  static func fits(
    _ options: Operation.Convolution, from input: PlanValue, to output: PlanValue,
    memory: PlanMemory
  ) -> Bool {
    let threads = memory.slices.count
    guard threads > 1, options.groups == 1, options.filters % 16 == 0 else { return false }
    let weights = options.filters * input.image.channels * options.kernel * options.kernel
    return weights >= memory.batch * (input.elements + output.elements / threads)
  }

  var scratchBytes: Int { parts.compactMap { $0?.primitive.scratchBytes }.max() ?? 0 }
  var algorithm: PlannedConvolution.Algorithm {
    parts.first??.primitive.algorithm == .winograd ? .sharedWinograd : .sharedDirect
  }

  func sum(
    _ thread: ThreadContext, source: UnsafeMutableRawPointer,
    outputGradient: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) {
    thread.barrier()
    let part = parts[thread.index]
    if let part { copyMaps(of: part, thread.index) }
    // From here on the threads may overwrite their maps.
    thread.barrier()
    guard let part, let gradients = parameters.gradients.baseAddress else { return }
    let (packed, packedBias) = (
      memory.raw(packed, thread.index), memory.pointer(packedBias, thread.index)
    )
    part.primitive.execute(
      source: memory.raw(inputCopy, thread.index), packed: packed, bias: packedBias,
      destination: memory.raw(gradientCopy, thread.index), scratch: scratch)
    let weightsPerFilter = weights.count / output.image.channels
    part.primitive.unpack(
      packed,
      into: gradients + weights.range.lowerBound + part.filters.lowerBound * weightsPerFilter)
    if let bias {
      (gradients + bias.range.lowerBound + part.filters.lowerBound)
        .update(from: packedBias, count: part.filters.count)
    }
  }

  func gather(weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?) {}

  /// The batch's input and the gradient of the part's filters, out of all threads' memory.
  private func copyMaps(of part: Part, _ thread: Int) {
    let maps = memory.raw(inputCopy, thread)
    let gradients = memory.raw(gradientCopy, thread)
    for (owner, images) in memory.slices.enumerated() {
      (maps + images.lowerBound * input.bytesPerImage).copyMemory(
        from: memory.raw(input.buffer, owner), byteCount: images.count * input.bytesPerImage)
      let source = memory.raw(outputGradient, owner) + part.offset
      for image in images {
        (gradients + image * part.bytes).copyMemory(
          from: source + (image - images.lowerBound) * output.bytesPerImage, byteCount: part.bytes)
      }
    }
  }
}
