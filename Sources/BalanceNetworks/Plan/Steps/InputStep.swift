import BalanceCore
import BalanceTensors

/// Brings a thread's pixels `[N, H, W, C]` into the layout that the first layer reads.
final class InputStep {
  private let value: PlanValue
  private let memory: PlanMemory

  init(_ value: PlanValue, memory: PlanMemory) {
    self.value = value
    self.memory = memory
  }

  func forward(_ pixels: UnsafePointer<Float>, _ thread: ThreadContext) {
    let images = memory.slices[thread.index]
    let source = pixels + images.lowerBound * value.image.count
    let target = memory.raw(value.buffer, thread.index)
    let convert =
      value.layout == .planar ? LayoutKernels.pixelsToPlanar : LayoutKernels.pixelsToBlocked
    convert(source, target, images.count, value.image.plane, value.image.channels, value.type)
  }
}
