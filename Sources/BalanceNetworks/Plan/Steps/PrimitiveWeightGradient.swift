import BalanceCore
import BalanceTensors

/// By oneDNN: each thread sums over its own images, then one adds up the sums.
struct PrimitiveWeightGradient: ConvolutionWeightGradient {
  private let memory: PlanMemory
  private let count: Int
  private let filters: Int
  private let primitives: [ConvolutionPrimitive?]
  private let weights: PlanBuffer
  private let bias: PlanBuffer

  /// - Parameters:
  ///   - count: the number of weights.
  ///   - time: when the sums are made; they live to the end of the plan.
  init(
    _ options: Operation.Convolution, over input: PlanValue, count: Int, at time: Int,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    memory = plan.memory
    self.count = count
    filters = options.filters
    var primitives: [ConvolutionPrimitive?] = []
    for slice in plan.memory.slices {
      primitives.append(
        slice.isEmpty
          ? nil
          : try ConvolutionRule.primitive(
            options, over: input, images: slice.count, .backwardWeights, hasBias: options.bias,
            options: plan.options))
    }
    self.primitives = primitives
    weights = plan.gradientSum(
      bytes: primitives.compactMap { $0?.weightsBytes }.max() ?? 0, at: time)
    // oneDNN may write whole blocks of sixteen channels.
    bias = plan.gradientSum(bytes: (options.filters + 15) / 16 * 64, at: time)
  }

  var scratchBytes: Int { primitives.compactMap { $0?.scratchBytes }.max() ?? 0 }
  var algorithm: PlannedConvolution.Algorithm {
    primitives.lazy.compactMap { $0 }.first?.algorithm.planned ?? .direct
  }

  func sum(
    _ thread: ThreadContext, source: UnsafeMutableRawPointer,
    outputGradient: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) {
    let t = thread.index
    primitives[t]?.execute(
      source: source, packed: memory.raw(weights, t), bias: memory.raw(bias, t),
      destination: outputGradient, scratch: scratch)
  }

  func gather(
    weights total: UnsafeMutablePointer<Float>, bias biasTotal: UnsafeMutablePointer<Float>?
  ) {
    var sum = PartialSum(into: total, count: count)
    // Threads with slices of one size share a packed layout and are added up packed.
    for group in Dictionary(grouping: memory.slices.indices, by: memory.images)
      .sorted(by: { $0.key > $1.key }) where group.key > 0
    {
      guard let primitive = primitives[group.value[0]] else { continue }
      let packed = memory.pointer(weights, group.value[0])
      for thread in group.value.dropFirst() {
        let other = memory.pointer(weights, thread)
        for i in 0..<primitive.weightsBytes / 4 { packed[i] += other[i] }
      }
      sum.add { primitive.unpack(packed, into: $0) }
    }
    if let biasTotal { memory.gather(bias, into: biasTotal, count: filters) }
  }
}

/// Adds tensors that a closure writes, the first in place and the others through a temporary.
private struct PartialSum {
  private let total: UnsafeMutablePointer<Float>
  private let count: Int
  private var isFirst = true

  init(into total: UnsafeMutablePointer<Float>, count: Int) {
    self.total = total
    self.count = count
  }

  mutating func add(_ write: (UnsafeMutablePointer<Float>) -> Void) {
    if isFirst {
      write(total)
      isFirst = false
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { other in
      guard let base = other.baseAddress else { return }
      write(base)
      for i in 0..<count { total[i] += base[i] }
    }
  }
}
