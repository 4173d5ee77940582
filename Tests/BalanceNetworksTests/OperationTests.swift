import BalanceCore
import BalanceNetworks
import BalanceTensors
import Testing

/// A random network state and batch, and what the naive reference makes of them.
struct Problem: Sendable {
  let parameters: Parameters
  let pixels: [Float]
  let logitsGradient: [Float]
  let batch: Int
  let reference: ReferenceNetwork
  private let frozen: Set<Int>

  init(_ network: Network, batch: Int, seed: UInt64 = 1, frozen: Set<Int> = []) throws {
    parameters = try Parameters(network, seed: seed)
    var generator = KeyedGenerator(seed: seed, .test)
    // Norms away from their initial 1 and 0, so that their gradients matter.
    for entry in parameters.tensors {
      guard case .normalization = entry.role else { continue }
      for i in entry.range { parameters.values[i] += Float(0.3 * generator.normal()) }
    }
    // Running statistics away from 0 and 1, for frozen norms.
    for entry in parameters.buffers {
      for i in entry.range { parameters.bufferValues[i] += Float(0.5 * generator.uniform()) }
    }
    pixels = (0..<batch * network.input.count).map { _ in Float(generator.normal()) }
    logitsGradient = (0..<batch * network.classes).map { _ in Float(generator.normal()) }
    self.batch = batch
    self.frozen = frozen
    var reference = ReferenceNetwork(parameters, frozen: frozen)
    reference.randomness = PlanRandomness(seed: seed, step: 7)
    self.reference = reference
  }

  var input: ReferenceTensor {
    ReferenceTensor(
      images: batch, shape: parameters.network.input, values: pixels.map(Double.init))
  }

  var referenceLogits: [Double] { reference.logits(input) }
  var referenceGradient: [Double] {
    reference.gradient(input, logitsGradient: logitsGradient.map(Double.init))
  }

  /// The plan's logits and gradients on so many threads.
  func run(threads: Int, options: PlanOptions = PlanOptions()) throws -> (
    logits: [Float], gradients: [Float]
  ) {
    let pool = try ComputePool(threads: threads)
    let plan = try TrainingPlan(
      parameters.network, parameters: parameters, batchSize: batch, pool: pool, options: options,
      frozen: frozen)
    plan.randomness = reference.randomness
    let logits = try pixels.withUnsafeBufferPointer { Array(try plan.forward($0, count: batch)) }
    logitsGradient.withUnsafeBufferPointer { plan.backward($0) }
    return (logits, Array(parameters.gradients))
  }
}

/// ‖a − b‖ / ‖b‖, and ‖a‖ where b is zero.
func relativeError(_ a: some Sequence<Float>, _ b: some Sequence<Double>) -> Double {
  var difference = 0.0
  var size = 0.0
  for (x, y) in zip(a, b) {
    difference += (Double(x) - y) * (Double(x) - y)
    size += y * y
  }
  return (difference / (size > 0 ? size : 1)).squareRoot()
}

@Suite struct OperationTests {
  /// Single precision over sums of up to a few thousand terms, Winograd's transforms included.
  static let tolerance = 2e-5

  @Test(arguments: OperationCase.all)
  func planEqualsNaiveReference(_ operation: OperationCase) throws {
    let problem = try Problem(operation.network(), batch: 5)
    let logits = problem.referenceLogits
    let gradient = problem.referenceGradient
    // Five images on three threads: slices of one and two, so that both sizes are planned.
    for threads in [1, 2, 3, 7] {
      for algorithm in PlanOptions.ConvolutionAlgorithm.allCases {
        let result = try problem.run(threads: threads, options: .init(convolution: algorithm))
        #expect(
          relativeError(result.logits, logits) < Self.tolerance,
          "logits, \(threads) threads, \(algorithm)")
        for entry in problem.parameters.tensors {
          let error = relativeError(result.gradients[entry.range], gradient[entry.range])
          // A gradient that is zero but for rounding has no relative error: measured against the
          // largest gradient's size instead.
          let size = gradient[entry.range].reduce(0) { $0 + $1 * $1 }.squareRoot()
          let scale = gradient.reduce(0) { max($0, abs($1)) }
          let negligible = size < 1e-9 * scale
          #expect(
            negligible || error < Self.tolerance * 5,
            "\(entry.name), \(threads) threads, \(algorithm): \(error)")
        }
      }
    }
  }

  /// bf16 has 8 bits of significand: each stored value is off by up to 1/512 of itself, at random.
  static let bf16Tolerance = 0.02

  @Test(.enabled(if: Machine.supportsBF16), arguments: OperationCase.all)
  func bf16PlanIsNearNaiveReference(_ operation: OperationCase) throws {
    let problem = try Problem(operation.network(), batch: 5)
    let gradient = problem.referenceGradient
    for algorithm in PlanOptions.ConvolutionAlgorithm.allCases {
      let result = try problem.run(
        threads: 2, options: .init(convolution: algorithm, precision: .bf16))
      let error = relativeError(result.logits, problem.referenceLogits)
      #expect(error < Self.bf16Tolerance, "logits, \(algorithm)")
      // Values near a kink fall to the other side, as often as they are that near.
      let gradientError = relativeError(result.gradients, gradient)
      #expect(gradientError < Self.bf16Tolerance * 5, "gradients, \(algorithm)")
    }
  }

  @Test(arguments: OperationCase.all)
  func referenceGradientEqualsFiniteDifferences(_ operation: OperationCase) throws {
    let problem = try Problem(operation.network(), batch: 3)
    let gradient = problem.referenceGradient
    let weights = problem.logitsGradient.map(Double.init)
    func objective(_ reference: ReferenceNetwork) -> Double {
      zip(reference.logits(problem.input), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    // Kinks (ReLU, maxima) within a step of a point give a wrong difference; a small step makes
    // that rare, and double precision leaves it enough digits.
    let step = 1e-6
    var generator = KeyedGenerator(seed: 5, .test)
    let scale = gradient.reduce(0) { max($0, abs($1)) }
    var wrong = 0
    var checked = 0
    for entry in problem.parameters.tensors {
      for _ in 0..<min(entry.count, 6) {
        let index = entry.range.lowerBound + generator.below(entry.count)
        var up = problem.reference
        var down = problem.reference
        up.parameters[index] += step
        down.parameters[index] -= step
        let difference = (objective(up) - objective(down)) / (2 * step)
        checked += 1
        if abs(difference - gradient[index]) > 1e-6 * scale + 1e-5 * abs(gradient[index]) {
          wrong += 1
        }
      }
    }
    #expect(checked > 0)
    #expect(wrong * 20 <= checked, "\(wrong) of \(checked) differ")
  }
}
