/// The arithmetic of an optimizer: a value type with its constants.
///
/// A rule says what it remembers of each parameter and how a tensor, or a part of one, is updated;
/// `RuleOptimizer` does the rest.
public protocol UpdateRule: Codable, Hashable, Sendable {
  /// How `OptimizerState` names it ("adam").
  static var name: String { get }

  /// Names of the arrays that it remembers, at most two.
  static var memory: [String] { get }

  /// Whether the update of a value depends on the rest of its tensor.
  static var needsWholeTensors: Bool { get }

  /// The rule and its constants as one line of text.
  var fingerprint: String { get }

  /// Updates the values, and what is remembered of them, in place.
  func update(_ part: TensorPart)
}

extension UpdateRule {
  public static var needsWholeTensors: Bool { false }

  /// The optimizer for these tensors, with no steps taken.
  ///
  /// - Parameter count: entries of the flat buffers; nil where they end with the last tensor.
  ///   Entries between tensors are not touched.
  /// - Precondition: the tensors are in the order of their ranges, which do not overlap.
  public func optimizer(for tensors: [ParameterTensor], count: Int? = nil) -> any Optimizer {
    RuleOptimizer(self, tensors: tensors, count: count)
  }

  /// The optimizer for `count` values of one vector, with no steps taken.
  public func optimizer(count: Int) -> any Optimizer {
    optimizer(for: [ParameterTensor(name: "values", shape: [count], range: 0..<count)])
  }
}

/// A tensor or a part of one, in one optimizer step. All buffers have the same count.
public struct TensorPart {
  public let values: UnsafeMutableBufferPointer<Float>
  public let gradients: UnsafeBufferPointer<Float>
  /// The rule's first array, all 0 before the first step; empty where it has none.
  public let first: UnsafeMutableBufferPointer<Float>
  /// The second.
  public let second: UnsafeMutableBufferPointer<Float>
  /// The shape of the whole tensor.
  public let shape: [Int]
  /// With the tensor's factor.
  public let learningRate: Double
  public let decayFactor: Double
  /// Replaces the rule's momentum where not nil.
  public let momentum: Double?
  /// Steps of this tensor, this one included.
  public let step: Int
}
