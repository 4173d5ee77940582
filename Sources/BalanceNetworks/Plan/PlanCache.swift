import BalanceCore
import BalanceTensors

/// The compiled plans of one network for one purpose, by batch size, over shared memory.
final class PlanCache {
  private let network: Network
  private let parameters: Parameters
  private let purpose: PlanCompiler.Purpose
  private let batchSize: Int
  private let pool: ComputePool
  /// The calling thread alone, for batches that leave threads without an image.
  private let caller: ComputePool
  private let options: PlanOptions
  private let frozen: Set<Int>
  private let arenas: ThreadArenas
  let randomness = RandomSource()
  private var compiled: [Int: CompiledPlan] = [:]
  private let logits: UnsafeMutableBufferPointer<Float>
  private var lastCount = 0

  init(
    _ network: Network, parameters: Parameters, purpose: PlanCompiler.Purpose, batchSize: Int,
    pool: ComputePool, options: PlanOptions, frozen: Set<Int> = []
  ) throws(BalanceError) {
    precondition(batchSize > 0, "a batch of \(batchSize) images")
    precondition(parameters.network == network, "the parameters belong to another network")
    guard options.precision == .f32 || Machine.supportsBF16 else {
      throw BalanceError(
        .software, "this machine (\(Machine.instructionSet)) does not compute in bf16",
        remedy: "use f32")
    }
    self.network = network
    self.parameters = parameters
    self.purpose = purpose
    self.batchSize = batchSize
    self.pool = pool
    self.options = options
    self.frozen = frozen
    caller = try ComputePool(threads: 1)
    arenas = try ThreadArenas(threads: pool.threads)
    logits = .allocate(capacity: batchSize * network.classes)
    logits.initialize(repeating: 0)
    _ = try plan(for: batchSize)
  }

  deinit { logits.deallocate() }

  func forward(_ pixels: UnsafeBufferPointer<Float>, count: Int) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    precondition((1...batchSize).contains(count), "\(count) images in a plan for \(batchSize)")
    precondition(pixels.count >= count * network.input.count, "too few pixels for \(count) images")
    guard let pixels = pixels.baseAddress, let result = logits.baseAddress else {
      return UnsafeBufferPointer(logits)
    }
    try plan(for: count).forward(pixels, into: result, on: isSmall(count) ? caller : pool)
    lastCount = count
    return UnsafeBufferPointer(start: result, count: count * network.classes)
  }

  /// Of the plan for a whole batch, which is compiled first.
  var convolutions: [PlannedConvolution] { compiled[batchSize]?.convolutions ?? [] }

  func refresh() {
    for plan in compiled.values { plan.refresh() }
  }

  func backward(_ gradient: UnsafeBufferPointer<Float>) {
    precondition(lastCount > 0, "backward before forward")
    precondition(
      gradient.count >= lastCount * network.classes,
      "a gradient of \(gradient.count) values for \(lastCount) images")
    guard let gradient = gradient.baseAddress, let plan = compiled[lastCount] else { return }
    plan.backward(gradient, on: pool)
  }

  /// Whether an evaluation has fewer images than threads: then threads share each layer's work,
  /// rather than the images.
  private func isSmall(_ count: Int) -> Bool { purpose == .evaluation && count < pool.threads }

  private func plan(for count: Int) throws(BalanceError) -> CompiledPlan {
    if let plan = compiled[count] { return plan }
    let memory =
      isSmall(count)
      ? PlanMemory(
        batchSize: count, threads: 1, primitiveThreads: OpenMPThreads.available(pool.threads),
        arenas: arenas)
      : PlanMemory(batchSize: count, threads: pool.threads, arenas: arenas)
    let compiler = PlanCompiler(
      network, parameters: parameters, purpose: purpose, options: options, frozen: frozen,
      memory: memory, randomness: randomness)
    let plan = try compiler.compile()
    compiled[count] = plan
    return plan
  }
}
