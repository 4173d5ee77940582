import BalanceCore
import Tensors

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
      memory.pointer(input.buffer, thread.index), into: memory.pointer(output.buffer, thread.index),
      thread)
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputFloats(thread) else { return }
    multiply(route.outputFloats(thread), into: dx, thread)
  }

  private func multiply(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, _ thread: ThreadContext
  ) {
    let factors = memory.pointer(scratch, thread.index)
    let drawn = UnsafeMutableBufferPointer(
      start: factors + output.elements, count: output.image.count)
    let key = randomness.key
    for (index, image) in memory.slices[thread.index].enumerated() {
      let (source, target) = (x + index * output.elements, y + index * output.elements)
      switch (wholeImages, output.layout) {
      case (true, .rows):
        let factor = mask.factor(image: image, key)
        for i in 0..<output.elements { target[i] = source[i] * factor }
      case (true, _):
        ActivationKernels.multiply(
          source, factor: mask.factor(image: image, key), into: target, count: output.elements)
      case (false, .rows):
        mask.fill(drawn, image: image, key)
        for i in 0..<output.elements { target[i] = source[i] * drawn[i] }
      case (false, _):
        mask.fill(drawn, image: image, key)
        LayoutKernels.pixelsToBlocked(
          drawn.baseAddress ?? factors, into: factors, images: 1, plane: output.image.plane,
          channels: output.image.channels, type: .f32)
        ActivationKernels.multiply(source, by: factors, into: target, count: output.elements)
      }
    }
  }
}
