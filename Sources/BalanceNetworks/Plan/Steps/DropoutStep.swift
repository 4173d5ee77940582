import BalanceCore
import BalanceTensors

/// y = x · m with m from `DropoutMask`, one a value or one an image; dx = dy · m, drawn once more
/// rather than remembered.
final class DropoutStep: PlanStep {
  private let mask: DropoutMask
  private let wholeImages: Bool
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let randomness: RandomSource
  /// The factors of one image, in its layout and before that in the order of drawing.
  private let scratch: PlanBuffer
  private var route: GradientRoute?

  init(
    _ mask: DropoutMask, wholeImages: Bool, input: PlanValue, output: PlanValue,
    in plan: PlanCompiler
  ) {
    self.mask = mask
    self.wholeImages = wholeImages
    self.input = input
    self.output = output
    memory = plan.memory
    randomness = plan.randomness
    scratch = plan.scratch
    if !wholeImages { scratch.require(bytes: (output.elements + output.image.count) * 4) }
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
  }

  func forward(_ thread: ThreadContext) {
    multiply(
      memory.raw(input.buffer, thread.index), into: memory.raw(output.buffer, thread.index),
      thread)
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputGradient(thread) else { return }
    multiply(route.outputGradient(thread), into: dx, thread)
  }

  private func multiply(
    _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, _ thread: ThreadContext
  ) {
    let key = randomness.key
    for (index, image) in memory.slices[thread.index].enumerated() {
      let (source, target) = (x + index * output.bytesPerImage, y + index * output.bytesPerImage)
      if wholeImages {
        let factor = mask.factor(image: image, key)
        multiply(source, by: nil, factor, into: target)
      } else {
        multiply(source, by: drawFactors(image, key, thread), 1, into: target)
      }
    }
  }

  /// Rows lie close together, so only maps may be rounded up to whole vectors.
  private func multiply(
    _ x: UnsafeRawPointer, by factors: UnsafePointer<Float>?, _ factor: Float,
    into y: UnsafeMutableRawPointer
  ) {
    guard output.layout == .rows else {
      ActivationKernels.multiply(
        x, by: factors, factor: factor, into: y, count: output.elements, type: output.type)
      return
    }
    let (x, y) = (x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    for i in 0..<output.elements { y[i] = x[i] * (factors?[i] ?? factor) }
  }

  /// The factors of one image, in its layout.
  private func drawFactors(_ image: Int, _ key: PlanRandomness, _ thread: ThreadContext)
    -> UnsafePointer<Float>
  {
    let factors = memory.pointer(scratch, thread.index)
    let drawn = UnsafeMutableBufferPointer(
      start: factors + output.elements, count: output.image.count)
    mask.fill(drawn, image: image, key)
    if output.layout == .rows { return UnsafePointer(factors + output.elements) }
    LayoutKernels.pixelsToBlocked(
      factors + output.elements, into: factors, images: 1, plane: output.image.plane,
      channels: output.image.channels, type: .f32)
    return UnsafePointer(factors)
  }
}
