import BalanceCore
import BalanceTensors

/// A buffer of a plan: a tensor of one thread's images, or of fixed size, with its lifetime.
///
/// Every thread has its own copy in its own arena, so no thread ever touches what another reads.
final class PlanBuffer {
  let bytesPerImage: Int
  private(set) var fixedBytes: Int
  private(set) var life: ClosedRange<Int>?
  fileprivate(set) var offset = 0

  fileprivate init(bytesPerImage: Int, fixedBytes: Int) {
    self.bytesPerImage = bytesPerImage
    self.fixedBytes = fixedBytes
  }

  /// Makes the fixed part at least this large.
  func require(bytes: Int) { fixedBytes = max(fixedBytes, bytes) }

  /// Says that the buffer is written or read at this step of the plan.
  func touch(_ time: Int) {
    guard let life else {
      self.life = time...time
      return
    }
    self.life = min(life.lowerBound, time)...max(life.upperBound, time)
  }
}

/// One block of memory a thread, shared by all plans of a network: plans never run at once.
///
/// `@unchecked Sendable`: grown only while no plan runs.
final class ThreadArenas: @unchecked Sendable {
  private(set) var memory: [AlignedMemory]

  init(threads: Int) throws(BalanceError) {
    memory = []
    for _ in 0..<threads { memory.append(try AlignedMemory(bytes: 64)) }
  }

  /// Makes every arena at least this large; what they held is lost if they grow.
  func require(bytes: Int) throws(BalanceError) {
    for index in memory.indices where memory[index].bytes < bytes {
      memory[index] = try AlignedMemory(bytes: bytes)
    }
  }
}

/// The buffers of one plan and where they lie.
///
/// `@unchecked Sendable`: fixed once placed; threads write through it into their own arenas.
final class PlanMemory: @unchecked Sendable {
  /// The images of each thread.
  let slices: [Range<Int>]
  /// Threads within a layer: more than one only where one thread has all images.
  let primitiveThreads: Int
  private let arenas: ThreadArenas
  private var buffers: [PlanBuffer] = []

  init(batchSize: Int, threads: Int, primitiveThreads: Int = 1, arenas: ThreadArenas) {
    self.primitiveThreads = primitiveThreads
    slices = (0..<threads).map { ThreadContext.slice(of: batchSize, $0, of: threads) }
    self.arenas = arenas
  }

  /// A buffer of so many bytes an image.
  func perImage(bytes: Int) -> PlanBuffer {
    add(PlanBuffer(bytesPerImage: bytes, fixedBytes: 0))
  }

  /// A buffer for what has a value's shape and type, such as its gradient.
  func perImage(like value: PlanValue) -> PlanBuffer { perImage(bytes: value.bytesPerImage) }

  /// A buffer of so many bytes a thread.
  func fixed(bytes: Int) -> PlanBuffer { add(PlanBuffer(bytesPerImage: 0, fixedBytes: bytes)) }

  private func add(_ buffer: PlanBuffer) -> PlanBuffer {
    buffers.append(buffer)
    return buffer
  }

  /// Fixes all offsets; lifetimes must be known.
  func place() throws(BalanceError) {
    let images = slices.map(\.count).max() ?? 0
    let live = buffers.compactMap { buffer in buffer.life.map { (buffer, $0) } }
    let placement = MemoryPlanner.place(
      live.map { .init(bytes: $0.bytesPerImage * images + $0.fixedBytes, life: $1) })
    for ((buffer, _), offset) in zip(live, placement.offsets) { buffer.offset = offset }
    try MachineLimits.check(
      memory: MachineLimits.product(placement.bytes, slices.count),
      for: "the network, on \(batch) images at once,")
    try arenas.require(bytes: placement.bytes)
  }

  /// A thread's buffer of f32 values.
  func pointer(_ buffer: PlanBuffer, _ thread: Int) -> UnsafeMutablePointer<Float> {
    arenas.memory[thread].pointer(at: buffer.offset, as: Float.self)
  }

  /// A thread's buffer of values of any type.
  func raw(_ buffer: PlanBuffer, _ thread: Int) -> UnsafeMutableRawPointer {
    arenas.memory[thread].base + buffer.offset
  }

  /// The first of these images of a thread in a value.
  func address(_ value: PlanValue, _ images: Range<Int>, _ thread: Int) -> UnsafeMutableRawPointer {
    raw(value.buffer, thread) + images.lowerBound * value.bytesPerImage
  }

  func images(_ thread: Int) -> Int { slices[thread].count }

  /// Images of all threads.
  var batch: Int { slices.last?.upperBound ?? 0 }

  /// Adds up `count` f32 values of the threads that have images.
  func gather(_ partial: PlanBuffer, into total: UnsafeMutablePointer<Float>, count: Int) {
    total.update(repeating: 0, count: count)
    for thread in slices.indices where images(thread) > 0 {
      let part = pointer(partial, thread)
      for i in 0..<count { total[i] += part[i] }
    }
  }
}
