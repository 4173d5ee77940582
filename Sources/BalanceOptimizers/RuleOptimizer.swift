import BalanceCore

/// An optimizer that updates tensors one after another by a rule.
///
/// Sendable although it holds buffers: `step` touches only the range it is given, or the tensors
/// that begin there, and the protocol asks for ranges that do not overlap.
final class RuleOptimizer<Rule: UpdateRule>: Optimizer, @unchecked Sendable {
  private let rule: Rule
  private let tensors: [ParameterTensor]
  private let count: Int
  private let memory: [UnsafeMutableBufferPointer<Float>]
  private var tensorSteps: [Int]
  private var frozen: Set<Int> = []
  private var momentum: Double?
  private(set) var stepCount = 0

  init(_ rule: Rule, tensors: [ParameterTensor], count: Int?) {
    precondition(
      zip(tensors, tensors.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound },
      "tensors overlap or are out of order")
    let end = tensors.last?.range.upperBound ?? 0
    precondition(
      (count ?? end) >= end, "\(count ?? 0) values end before the last tensor, at \(end)")
    precondition(Rule.memory.count <= 2, "\(Rule.name) remembers more than two arrays")
    self.rule = rule
    self.tensors = tensors
    let size = count ?? end
    self.count = size
    tensorSteps = [Int](repeating: 0, count: tensors.count)
    memory = Rule.memory.map { _ in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: size)
      buffer.initialize(repeating: 0)
      return buffer
    }
  }

  deinit { for buffer in memory { buffer.deallocate() } }

  var fingerprint: String {
    let plain = tensors.count { $0.decayFactor == 0 }
    return plain == 0 ? rule.fingerprint : "\(rule.fingerprint); no decay on \(plain) tensors"
  }

  func beginStep(momentum: Double?, frozen: Set<Int>) {
    self.momentum = momentum
    self.frozen = frozen
    stepCount += 1
    for index in tensors.indices where !frozen.contains(index) { tensorSteps[index] += 1 }
  }

  func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Double, range: Range<Int>
  ) {
    precondition(
      values.count == count && gradients.count == count,
      "\(values.count) values, \(gradients.count) gradients for \(count) parameters")
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) is out of range")
    var index = firstTensor(endingAfter: range.lowerBound)
    while index < tensors.count, tensors[index].range.lowerBound < range.upperBound {
      let tensor = tensors[index]
      var part = tensor.range.clamped(to: range)
      if Rule.needsWholeTensors {
        part = range.contains(tensor.range.lowerBound) ? tensor.range : 0..<0
      }
      if !part.isEmpty, !frozen.contains(index) {
        rule.update(
          TensorPart(
            values: UnsafeMutableBufferPointer(rebasing: values[part]),
            gradients: UnsafeBufferPointer(rebasing: gradients[part]),
            first: remembered(0, part), second: remembered(1, part), shape: tensor.shape,
            learningRate: learningRate * tensor.rateFactor, decayFactor: tensor.decayFactor,
            momentum: momentum, step: tensorSteps[index]))
      }
      index += 1
    }
  }

  /// The index of the first tensor that does not lie before `position`.
  private func firstTensor(endingAfter position: Int) -> Int {
    var (low, high) = (0, tensors.count)
    while low < high {
      let middle = (low + high) / 2
      if tensors[middle].range.upperBound <= position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func remembered(_ number: Int, _ part: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    guard number < memory.count else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
    return UnsafeMutableBufferPointer(rebasing: memory[number][part])
  }

  var state: OptimizerState {
    OptimizerState(
      rule: Rule.name, stepCount: stepCount, tensorSteps: tensorSteps,
      arrays: Dictionary(uniqueKeysWithValues: zip(Rule.memory, memory.map { Array($0) })))
  }

  func restore(_ state: OptimizerState) throws(BalanceError) {
    guard state.rule == Rule.name, Set(state.arrays.keys) == Set(Rule.memory) else {
      throw BalanceError(
        .data, "the saved optimizer is '\(state.rule)', not '\(Rule.name)'",
        remedy: "resume with the optimizer that the run was started with")
    }
    let wrong = state.arrays.values.first { $0.count != count }
    if wrong != nil || state.tensorSteps.count != tensors.count {
      let (found, expected) =
        wrong.map { ("\($0.count) parameters", "\(count)") }
        ?? ("\(state.tensorSteps.count) tensors", "\(tensors.count)")
      throw BalanceError(
        .data, "the saved optimizer has \(found), not \(expected)",
        remedy: "resume with the model that the run was started with")
    }
    guard state.stepCount >= 0, state.tensorSteps.allSatisfy({ (0...state.stepCount) ~= $0 }) else {
      throw BalanceError(
        .data, "the saved optimizer has taken \(state.stepCount) steps, tensors of it others",
        remedy: "resume from an earlier checkpoint")
    }
    for (name, buffer) in zip(Rule.memory, memory) {
      if let saved = state.arrays[name] { _ = buffer.update(from: saved) }
    }
    stepCount = state.stepCount
    tensorSteps = state.tensorSteps
  }
}
