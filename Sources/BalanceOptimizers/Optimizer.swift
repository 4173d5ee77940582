public import BalanceCore

/// An update rule over flat buffers of values and gradients, with what it remembers of each value.
///
/// One optimizer step is `beginStep` once, then `step` for ranges that cover the tensors to update,
/// in any order and from any number of threads at once as long as the ranges do not overlap. How
/// the values are split into ranges changes no bit of the result.
public protocol Optimizer: AnyObject, Sendable {
  /// The rule and its settings as one line of text.
  var fingerprint: String { get }

  /// Optimizer steps begun so far.
  var stepCount: Int { get }

  /// Begins a step; call it from one thread.
  ///
  /// - Parameters:
  ///   - momentum: SGD's μ or Adam's β₁ in this step; nil for that of the rule.
  ///   - frozen: tensors, by their index, that this step leaves alone. They do not age: Adam's bias
  ///     correction counts the steps that a tensor has taken.
  func beginStep(momentum: Double?, frozen: Set<Int>)

  /// Updates `values[range]` from `gradients[range]`. Rules that look at a whole tensor at once
  /// (AdamP) update every tensor that begins in the range, and no other.
  ///
  /// - Precondition: the buffers have as many entries as the optimizer was made for, and contain
  ///   `range`.
  func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Double, range: Range<Int>)

  /// Everything that the next step depends on besides values and gradients.
  var state: OptimizerState { get }

  /// Takes back a saved state: the steps that follow equal those of an uninterrupted run.
  ///
  /// - Throws: `BalanceError` with code `data` where the state belongs to another rule or other
  ///   parameters.
  func restore(_ state: OptimizerState) throws(BalanceError)
}

extension Optimizer {
  /// Begins a step of all tensors with the rule's own momentum.
  public func beginStep() { beginStep(momentum: nil, frozen: []) }

  /// A whole step over all values in the calling thread.
  public func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Double
  ) {
    beginStep()
    step(
      values: values, gradients: gradients, learningRate: learningRate, range: 0..<values.count)
  }
}

/// The memory of an optimizer, for a checkpoint.
public struct OptimizerState: Codable, Hashable, Sendable {
  /// The rule that it belongs to ("sgd").
  public let rule: String
  public let stepCount: Int
  /// Steps that each tensor has taken.
  public let tensorSteps: [Int]
  /// Flat arrays as long as the parameters, by name.
  public let arrays: [String: [Float]]

  public init(rule: String, stepCount: Int, tensorSteps: [Int], arrays: [String: [Float]]) {
    self.rule = rule
    self.stepCount = stepCount
    self.tensorSteps = tensorSteps
    self.arrays = arrays
  }
}
