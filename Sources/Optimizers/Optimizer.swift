public import BalanceCore

/// One parameter tensor within the flat buffers of values and gradients.
public struct ParameterTensor: Codable, Hashable, Sendable {
  public let name: String
  /// `[out, in, …]`; `[n]` for biases and scales.
  public let shape: [Int]
  /// Where its values stand in the flat buffer, row-major.
  public let range: Range<Int>

  /// - Precondition: the range has as many values as the shape.
  public init(name: String, shape: [Int], range: Range<Int>) {
    precondition(
      range.count == shape.reduce(1, *), "\(name): \(range.count) values for the shape \(shape)")
    self.name = name
    self.shape = shape
    self.range = range
  }
}

/// An update rule over flat buffers of values and gradients.
///
/// One optimizer step is `beginStep()` once, then `step` for ranges that cover all values, in any
/// order and from any number of threads at once as long as the ranges do not overlap.
public protocol Optimizer: AnyObject, Sendable {
  /// The rule and its settings as one line of text.
  var fingerprint: String { get }

  /// Optimizer steps begun so far.
  var stepCount: Int { get }

  /// Begins a step; call it from one thread.
  func beginStep()

  /// Updates `values[range]` from `gradients[range]`.
  ///
  /// - Precondition: the buffers have as many entries as the optimizer was made for, and contain
  ///   `range`.
  func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Float, range: Range<Int>)

  /// Everything that the next step depends on besides values and gradients.
  var state: OptimizerState { get }

  /// Takes back a saved state: the steps that follow equal those of an uninterrupted run.
  ///
  /// - Throws: `BalanceError` with code `data` where the state belongs to another rule or another
  ///   number of parameters.
  func restore(_ state: OptimizerState) throws(BalanceError)
}

extension Optimizer {
  /// A whole step over all values in the calling thread.
  public func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Float
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
  /// Flat arrays as long as the parameters, by name.
  public let arrays: [String: [Float]]

  public init(rule: String, stepCount: Int, arrays: [String: [Float]]) {
    self.rule = rule
    self.stepCount = stepCount
    self.arrays = arrays
  }
}
