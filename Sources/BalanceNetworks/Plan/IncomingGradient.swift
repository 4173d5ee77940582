import BalanceTensors

/// A gradient that flows into a value from one of its readers.
struct GradientContribution {
  let buffer: PlanBuffer
  /// Whether the receiver may overwrite it.
  let exclusive: Bool
}

/// The sum of the gradients that flow into a value.
struct IncomingGradient {
  private let buffers: [PlanBuffer]
  private let sum: PlanBuffer
  private let value: PlanValue
  private let memory: PlanMemory

  /// Plans the sum of gradients of `value` at `time`; in place where one contribution may be
  /// overwritten.
  init(_ incoming: [GradientContribution], of value: PlanValue, at time: Int, in plan: PlanCompiler)
  {
    precondition(!incoming.isEmpty, "a value without readers has no gradient")
    let owned = incoming.first { $0.exclusive }?.buffer
    let needsSum = incoming.count > 1
    sum = needsSum ? owned ?? plan.memory.perImage(like: value) : incoming[0].buffer
    let target = sum
    buffers = incoming.map(\.buffer).filter { $0 !== target }
    self.value = value
    memory = plan.memory
    for contribution in incoming { contribution.buffer.touch(time) }
    sum.touch(time)
    isExclusive = needsSum || incoming[0].exclusive
    startsFromSum = owned != nil || !needsSum
  }

  /// Whether the sum may be overwritten.
  let isExclusive: Bool
  private let startsFromSum: Bool

  var buffer: PlanBuffer { sum }

  /// Adds up this thread's part and returns it.
  func resolve(_ thread: ThreadContext) -> UnsafeMutableRawPointer {
    let count = value.elements * memory.images(thread.index)
    let total = memory.raw(sum, thread.index)
    for (index, buffer) in buffers.enumerated() {
      let part = memory.raw(buffer, thread.index)
      if index == 0, !startsFromSum {
        total.copyMemory(from: part, byteCount: count * value.type.bytes)
      } else if value.layout == .rows {
        let (rows, addends) = (
          memory.pointer(sum, thread.index), memory.pointer(buffer, thread.index)
        )
        for i in 0..<count { rows[i] += addends[i] }
      } else {
        BlockedKernels.add(part, to: total, count: count, type: value.type)
      }
    }
    return total
  }
}
