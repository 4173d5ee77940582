import BalanceCore
import BalanceTensors

/// y = W ∗ x of planar pixels by own kernels, for training. A norm that alone reads y gets its sums
/// as y is written; its gradient is taken a few images at a time, while they are in the cache (see
/// `Fusion`).
final class PlanarConvolutionStep: PlanStep, NormFeeder {
  private let options: Operation.Convolution
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  private let isFrozen: Bool
  private let scratch: PlanBuffer
  private let packed: AlignedMemory
  /// Images at a time, backward.
  private let chunk: Int
  private var target: (any NormGradientSource)?
  private var outputGradient: IncomingGradient?
  /// dy of a few images where the target computes it.
  private var chunkGradient: PlanBuffer?
  private var partialWeights: PlanBuffer?

  var weight: Int { weights.count }
  var algorithms: PlannedConvolution.Passes? { .init(.ownPlanar) }

  init(
    _ options: Operation.Convolution, node: Int, input: PlanValue, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    guard let weights = plan.entry(node, "weight") else {
      preconditionFailure("node \(node) has no weights")
    }
    self.options = options
    self.weights = weights
    self.input = input
    self.output = output
    memory = plan.memory
    parameters = plan.parameters
    isFrozen = plan.isFrozen(node)
    scratch = plan.scratch
    chunk = max(1, (256 << 10) / output.bytesPerImage)
    let kernel = PlanarConvolution(options.window(over: input.image, images: 0))
    packed = try AlignedMemory(bytes: kernel.weightsCount * 4)
    scratch.require(bytes: kernel.scratchBytes)
  }

  func feed(_ target: any NormGradientSource) { self.target = target }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    if isFrozen { return }
    input.buffer.touch(time)
    if let target {
      target.touchGradient(time)
      let gradient = memory.fixed(bytes: chunk * output.bytesPerImage)
      gradient.touch(time)
      chunkGradient = gradient
    } else {
      outputGradient = IncomingGradient(incoming, of: output, at: time, in: plan)
    }
    partialWeights = plan.gradientSum(bytes: kernel(0).weightsCount * 4, at: time)
  }

  func prepare() {
    guard let values = parameters.values.baseAddress else { return }
    kernel(0).pack(
      values + weights.range.lowerBound, into: packed.pointer(at: 0, as: Float.self))
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    kernel(memory.images(t)).forward(
      memory.raw(input.buffer, t), packed.pointer(at: 0, as: Float.self),
      into: memory.raw(output.buffer, t), type: output.type, sums: target?.beginSums(t),
      scratch: memory.raw(scratch, t))
  }

  func backward(_ thread: ThreadContext) {
    guard let partialWeights else { return }
    let t = thread.index
    let total = memory.pointer(partialWeights, t)
    total.update(repeating: 0, count: kernel(0).weightsCount)
    let dy = outputGradient?.resolve(thread)
    for first in stride(from: 0, to: memory.images(t), by: chunk) {
      let images = first..<min(first + chunk, memory.images(t))
      let part: UnsafeMutableRawPointer
      if let target, let chunkGradient {
        part = memory.raw(chunkGradient, t)
        target.writeGradient(images, t, into: part, padded: nil)
      } else if let dy {
        part = dy + first * output.bytesPerImage
      } else {
        return
      }
      kernel(images.count).addGradient(
        memory.address(input, images, t), dy: part, type: output.type, to: total,
        scratch: memory.raw(scratch, t))
    }
  }

  func finish() {
    guard let partialWeights, let gradients = parameters.gradients.baseAddress else { return }
    kernel(0).weightsGradient(
      memory.slices.indices.map { UnsafePointer(memory.pointer(partialWeights, $0)) },
      into: gradients + weights.range.lowerBound)
  }

  private func kernel(_ images: Int) -> PlanarConvolution {
    PlanarConvolution(options.window(over: input.image, images: images))
  }
}
