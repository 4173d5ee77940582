import BalanceCore
import BalanceTensors

/// The per-channel numbers of a batch norm during a step, a copy for each thread.
///
/// Every thread adds up all threads' sums for itself, in the same order, so all get the same bits
/// without a second barrier; thread 0 alone writes running statistics and parameter gradients.
final class BatchNormState {
  /// Uses the running statistics in training too, and leaves them and γ and β alone.
  let isFrozen: Bool
  private let parameters: Parameters
  private let gamma: Parameters.Tensor
  private let beta: Parameters.Tensor
  private let runningMean: Parameters.Tensor
  private let runningVariance: Parameters.Tensor
  private let epsilon: Double
  private let momentum: Double
  /// The number of values behind each channel's statistics: images × plane.
  private let population: Double
  private let channels: Int
  private let padded: Int
  private let threads: [ThreadNumbers]

  init(_ options: Operation.BatchNorm, node: Int, plane: Int, in plan: PlanCompiler) {
    guard let gamma = plan.entry(node, "weight"), let beta = plan.entry(node, "bias"),
      let mean = plan.entry(node, "running_mean"), let variance = plan.entry(node, "running_var")
    else { preconditionFailure("node \(node) lacks the parameters of a batch norm") }
    isFrozen = plan.isFrozen(node)
    self.gamma = gamma
    self.beta = beta
    runningMean = mean
    runningVariance = variance
    parameters = plan.parameters
    epsilon = options.epsilon
    momentum = options.momentum
    channels = gamma.count
    padded = BlockedKernels.blocks(gamma.count) * 16
    population = Double(plan.memory.slices.reduce(0) { $0 + $1.count } * plane)
    threads = plan.memory.slices.map { [padded] _ in ThreadNumbers(channels: padded) }
  }

  /// Where a thread adds up Σ y and Σ y², set to zero.
  func clearSums(_ thread: Int) -> UnsafeMutablePointer<Double> {
    threads[thread].sums.update(repeating: 0, count: 2 * padded)
    return threads[thread].sums
  }
  /// Where a thread adds up Σ h and Σ h·(y − μ).
  func gradientSums(_ thread: Int) -> UnsafeMutablePointer<Double> { threads[thread].gradientSums }
  func clearGradientSums(_ thread: Int) {
    threads[thread].gradientSums.update(repeating: 0, count: 2 * padded)
  }
  func mean(_ thread: Int) -> UnsafePointer<Float> { UnsafePointer(threads[thread].row(0)) }
  func scale(_ thread: Int) -> UnsafePointer<Float> { UnsafePointer(threads[thread].row(1)) }
  func shift(_ thread: Int) -> UnsafePointer<Float> { UnsafePointer(threads[thread].row(2)) }
  /// The factors of dy = a·h + b·(y − μ) + d.
  func gradientFactors(_ thread: Int, _ index: Int) -> UnsafePointer<Float> {
    UnsafePointer(threads[thread].row(3 + index))
  }

  /// After all threads' sums: μ, biased σ², and the running statistics.
  func useBatchStatistics(_ thread: Int) {
    let numbers = threads[thread]
    for c in 0..<channels {
      let sum = total(c) { $0.sums }
      let squares = total(padded + c) { $0.sums }
      let mean = sum / population
      let variance = max(squares / population - mean * mean, 0)
      set(numbers, c, mean: mean, variance: variance)
      if thread == 0 {
        let unbiased = population > 1 ? variance * population / (population - 1) : variance
        move(runningMean, c, towards: mean)
        move(runningVariance, c, towards: unbiased)
      }
    }
  }

  func useRunningStatistics(_ thread: Int) {
    for c in 0..<channels {
      set(
        threads[thread], c,
        mean: Double(parameters.bufferValues[runningMean.range.lowerBound + c]),
        variance: Double(parameters.bufferValues[runningVariance.range.lowerBound + c]))
    }
  }

  /// After all threads' gradient sums: the factors of dy, and dγ and dβ.
  func prepareGradient(_ thread: Int) {
    let numbers = threads[thread]
    for c in 0..<channels {
      let sum = total(c) { $0.gradientSums }
      let product = total(padded + c) { $0.gradientSums }
      let inverse = numbers.inverseDeviation[c]
      let scale = Double(parameters.values[gamma.range.lowerBound + c]) * inverse
      let dGamma = product * inverse
      numbers.row(3)[c] = Float(scale)
      numbers.row(4)[c] = Float(-scale * inverse * dGamma / population)
      numbers.row(5)[c] = Float(-scale * sum / population)
      if thread == 0 {
        parameters.gradients[gamma.range.lowerBound + c] = Float(dGamma)
        parameters.gradients[beta.range.lowerBound + c] = Float(sum)
      }
    }
  }

  private func total(_ index: Int, _ of: (ThreadNumbers) -> UnsafeMutablePointer<Double>) -> Double
  {
    threads.reduce(0) { $0 + of($1)[index] }
  }

  private func set(_ numbers: ThreadNumbers, _ c: Int, mean: Double, variance: Double) {
    let inverse = 1 / (variance + epsilon).squareRoot()
    let scale = Double(parameters.values[gamma.range.lowerBound + c]) * inverse
    numbers.inverseDeviation[c] = inverse
    numbers.row(0)[c] = Float(mean)
    numbers.row(1)[c] = Float(scale)
    numbers.row(2)[c] = Float(Double(parameters.values[beta.range.lowerBound + c]) - mean * scale)
  }

  private func move(_ entry: Parameters.Tensor, _ c: Int, towards value: Double) {
    let index = entry.range.lowerBound + c
    let old = Double(parameters.bufferValues[index])
    parameters.bufferValues[index] = Float((1 - momentum) * old + momentum * value)
  }
}

/// One thread's per-channel arrays, aligned for vectors; lanes past the last channel stay zero.
private final class ThreadNumbers {
  let sums: UnsafeMutablePointer<Double>
  let gradientSums: UnsafeMutablePointer<Double>
  let inverseDeviation: UnsafeMutablePointer<Double>
  private let rows: UnsafeMutablePointer<Float>
  private let channels: Int
  private let block: UnsafeMutableRawPointer

  init(channels: Int) {
    self.channels = channels
    // Five arrays of Double (two sums each way, 1/σ) and six of Float.
    let bytes = channels * (5 * 8 + 6 * 4)
    block = .allocate(byteCount: bytes, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let doubles = block.assumingMemoryBound(to: Double.self)
    sums = doubles
    gradientSums = doubles + 2 * channels
    inverseDeviation = doubles + 4 * channels
    rows = (block + channels * 40).assumingMemoryBound(to: Float.self)
  }

  deinit { block.deallocate() }

  func row(_ index: Int) -> UnsafeMutablePointer<Float> { rows + index * channels }
}
