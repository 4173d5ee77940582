import BalanceCore
import BalanceOptimizers
import Foundation
import Testing

/// What every optimizer promises. A new one is tested by a line in `rules`.
@Suite struct OptimizerConformanceTests {
  static let rules: [any UpdateRule] = [
    SGD(momentum: 0, weightDecay: 0.1),
    SGD(momentum: 0.9, weightDecay: 0.1),
    SGD(momentum: 0.9, weightDecay: 0.1, nesterov: true),
    Adam(weightDecay: 0.1),
    AdamW(weightDecay: 0.1),
    AdamP(weightDecay: 0.1),
    AdamP(AdamConstants(beta1: 0.8, beta2: 0.9), weightDecay: 0.1, nesterov: true),
  ]

  private func optimizer(_ rule: any UpdateRule, rate: Double = 1, decay: Double = 1)
    -> any Optimizer
  {
    rule.optimizer(for: Sample.tensors(rate: rate, decay: decay), count: Sample.count)
  }

  /// The values after some steps, and the optimizer.
  @discardableResult
  private func run(
    _ optimizer: any Optimizer, _ values: inout [Float], steps: Range<Int>, rate: Double = 0.1,
    slices: [Range<Int>]? = nil, frozen: Set<Int> = []
  ) -> any Optimizer {
    for step in steps {
      optimizer.step(
        &values, Sample.gradients(step, values), rate: rate, slices: slices, frozen: frozen)
    }
    return optimizer
  }

  @Test(arguments: rules)
  func anySplitGivesTheSameBits(_ rule: any UpdateRule) {
    let splits: [[Range<Int>]] = [
      [61..<128, 0..<3, 3..<3, 3..<61], (0..<128).map { $0..<$0 + 1 }, [64..<128, 0..<64],
    ]
    var whole = Sample.numbers(-1)
    let straight = run(optimizer(rule), &whole, steps: 0..<6)
    #expect(whole != Sample.numbers(-1))
    for slices in splits {
      var values = Sample.numbers(-1)
      let sliced = run(optimizer(rule), &values, steps: 0..<6, slices: slices)
      #expect(values == whole, "\(rule.fingerprint), \(slices.count) slices")
      #expect(sliced.state == straight.state)
    }
  }

  @Test(arguments: rules)
  func threadsGiveTheSameBits(_ rule: any UpdateRule) {
    var whole = Sample.numbers(-1)
    run(optimizer(rule), &whole, steps: 0..<4)
    var values = Sample.numbers(-1)
    let shared = optimizer(rule)
    for step in 0..<4 {
      let gradients = Sample.gradients(step, values)
      shared.beginStep()
      values.withUnsafeMutableBufferPointer { values in
        gradients.withUnsafeBufferPointer { gradients in
          nonisolated(unsafe) let (values, gradients) = (values, gradients)
          DispatchQueue.concurrentPerform(iterations: 8) { thread in
            shared.step(
              values: values, gradients: gradients, learningRate: 0.1,
              range: thread * 16..<(thread + 1) * 16)
          }
        }
      }
    }
    #expect(values == whole)
  }

  /// A run that is saved and resumed equals one that is not, bit for bit.
  @Test(arguments: rules)
  func resumedEqualsUninterrupted(_ rule: any UpdateRule) throws {
    var whole = Sample.numbers(-1)
    let straight = run(optimizer(rule), &whole, steps: 0..<7)
    var values = Sample.numbers(-1)
    let first = run(optimizer(rule), &values, steps: 0..<3)
    let data = try CanonicalJSON.encode(first.state)
    let second = optimizer(rule)
    try second.restore(CanonicalJSON.decode(OptimizerState.self, from: data))
    run(second, &values, steps: 3..<7)
    #expect(values == whole)
    #expect(second.state == straight.state)
    #expect(second.stepCount == 7)
  }

  @Test(arguments: rules)
  func nothingMovesWithoutGradientAndDecay(_ rule: any UpdateRule) {
    var values = Sample.numbers(-1)
    let optimizer = optimizer(rule, decay: 0)
    let zeros = [Float](repeating: 0, count: Sample.count)
    for _ in 0..<3 { optimizer.step(&values, zeros, rate: 0.1) }
    #expect(values == Sample.numbers(-1))
  }

  /// Without gradients every value comes nearer to 0 and none changes its sign; padding stays.
  @Test(arguments: rules)
  func decayPullsToZero(_ rule: any UpdateRule) {
    var values = Sample.numbers(-1)
    optimizer(rule).step(&values, [Float](repeating: 0, count: Sample.count), rate: 0.001)
    for (after, before) in zip(values, Sample.numbers(-1)) {
      if before == 0 {
        #expect(after == 0)
      } else if abs(before) > 0.01 {
        #expect(abs(after) < abs(before) && after * before > 0)
      }
    }
  }

  @Test(arguments: rules)
  func groupsHaveTheirOwnRates(_ rule: any UpdateRule) {
    var (factored, plain) = (Sample.numbers(-1), Sample.numbers(-1))
    run(optimizer(rule, rate: 4), &factored, steps: 0..<4, rate: 0.025)
    run(optimizer(rule), &plain, steps: 0..<4, rate: 0.1)
    #expect(factored == plain)
    #expect(optimizer(rule, decay: 0).fingerprint.contains("no decay on 5 tensors"))
  }

  @Test(arguments: rules)
  func frozenTensorsNeitherMoveNorAge(_ rule: any UpdateRule) {
    var values = Sample.numbers(-1)
    let optimizer = run(optimizer(rule), &values, steps: 0..<3, frozen: [0, 4])
    for index in Sample.tensors.indices {
      let range = Sample.tensors[index].range
      #expect((values[range] == Sample.numbers(-1)[range]) == [0, 4].contains(index))
    }
    #expect(optimizer.state.tensorSteps == [0, 3, 3, 3, 0])
    // The first step of a thawed tensor is that of a new optimizer.
    var fresh = values
    let gradients = Sample.numbers(9)
    optimizer.step(&values, gradients, rate: 0.1)
    self.optimizer(rule).step(&fresh, gradients, rate: 0.1)
    for index in [0, 4] {
      let range = Sample.tensors[index].range
      #expect(values[range] == fresh[range], "\(rule.fingerprint)")
    }
  }

  @Test(arguments: rules)
  func momentumCanBeReplaced(_ rule: any UpdateRule) {
    var (replaced, own) = (Sample.numbers(-1), Sample.numbers(-1))
    let (a, b) = (optimizer(rule), optimizer(rule))
    for step in 0..<3 {
      a.step(&replaced, Sample.numbers(step), rate: 0.1, momentum: 0.5)
      b.step(&own, Sample.numbers(step), rate: 0.1)
    }
    #expect(replaced != own)
  }

  @Test(arguments: rules)
  func foreignStatesAreRefused(_ rule: any UpdateRule) {
    let optimizer = optimizer(rule)
    let name = type(of: rule).name
    let arrays = Dictionary(
      uniqueKeysWithValues: type(of: rule).memory.map { ($0, [Float](repeating: 0, count: 128)) })
    func refusal(_ state: OptimizerState) -> String {
      let error = #expect(throws: BalanceError.self) { try optimizer.restore(state) }
      return error?.description ?? ""
    }
    #expect(
      refusal(OptimizerState(rule: "adamax", stepCount: 1, tensorSteps: [], arrays: [:]))
        .contains("'adamax', not '\(name)'"))
    #expect(
      refusal(rule.optimizer(count: 7).state).contains("has 7 parameters, not 128"))
    #expect(
      refusal(OptimizerState(rule: name, stepCount: 1, tensorSteps: [1], arrays: arrays))
        .contains("has 1 tensors, not 5"))
    #expect(
      refusal(
        OptimizerState(rule: name, stepCount: 1, tensorSteps: [0, 0, 0, 0, 2], arrays: arrays)
      ).contains("steps"))
  }
}

extension OptimizerConformanceTests {
  /// A tensor without decay moves as under a rule without any.
  @Test func groupsHaveTheirOwnDecay() {
    let pairs: [(any UpdateRule, any UpdateRule)] = [
      (SGD(weightDecay: 0.1), SGD()), (Adam(weightDecay: 0.1), Adam()),
      (AdamW(weightDecay: 0.1), AdamW()), (AdamP(weightDecay: 0.1), AdamP()),
    ]
    for (decaying, plain) in pairs {
      var (a, b) = (Sample.numbers(-1), Sample.numbers(-1))
      run(optimizer(decaying, decay: 0), &a, steps: 0..<4)
      run(optimizer(plain), &b, steps: 0..<4)
      #expect(a == b)
      run(optimizer(decaying), &b, steps: 0..<1)
      #expect(a != b)
    }
  }
}
