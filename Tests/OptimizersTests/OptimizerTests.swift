import BalanceCore
import Foundation
import Optimizers
import Testing

struct SGDCase: Decodable {
  let momentum, weightDecay: Float
  let nesterov: Bool
  let start: [Float]
  let gradients: [[Float]]
  let rates: [Float]
  let after: [[Float]]
}

struct ScheduleCase: Decodable {
  let schedule: String
  let base: Double
  let rates: [Double]
}

struct Goldens: Decodable {
  let sgd: [SGDCase]
  let epochs: Int
  let schedules: [ScheduleCase]

  static func load() throws -> Goldens {
    try CanonicalJSON.decode(Goldens.self, from: Data(OptimizerGoldens.json.utf8))
  }
}

extension Optimizer {
  /// A step on arrays, in the given slices.
  func step(_ values: inout [Float], _ gradients: [Float], rate: Float, slices: [Range<Int>]) {
    beginStep()
    values.withUnsafeMutableBufferPointer { values in
      gradients.withUnsafeBufferPointer { gradients in
        for range in slices {
          step(values: values, gradients: gradients, learningRate: rate, range: range)
        }
      }
    }
  }
}

@Suite struct OptimizerTests {
  @Test func stepsAreTorchs() throws {
    let goldens = try Goldens.load()
    #expect(goldens.sgd.count == 6)
    for golden in goldens.sgd {
      let settings = SGD(
        momentum: golden.momentum, weightDecay: golden.weightDecay, nesterov: golden.nesterov)
      let optimizer = settings.optimizer(count: golden.start.count)
      var values = golden.start
      for (k, gradient) in golden.gradients.enumerated() {
        optimizer.step(&values, gradient, rate: golden.rates[k], slices: [0..<values.count])
        for (mine, theirs) in zip(values, golden.after[k]) {
          // A rounding or two of values below 4 a step.
          #expect(abs(mine - theirs) <= Float(k + 1) * 0x1p-22, "\(optimizer.fingerprint)")
        }
      }
      #expect(optimizer.stepCount == golden.gradients.count)
    }
  }

  static let settings = [
    SGD(momentum: 0), SGD(momentum: 0, weightDecay: 0.1), SGD(momentum: 0.9, weightDecay: 2e-4),
    SGD(momentum: 0.9, weightDecay: 2e-4, nesterov: true),
  ]

  private func batch(_ count: Int, _ step: Int) -> [Float] {
    var generator = KeyedGenerator(seed: 3, .test, step)
    return (0..<count).map { _ in Float(generator.normal()) }
  }

  /// Slices in any order equal one step over everything, bit for bit.
  @Test(arguments: settings)
  func slicesMakeTheWhole(_ settings: SGD) {
    let whole = settings.optimizer(count: 100)
    let sliced = settings.optimizer(count: 100)
    var a = batch(100, -1)
    var b = a
    for step in 0..<5 {
      whole.step(&a, batch(100, step), rate: 0.1, slices: [0..<100])
      sliced.step(&b, batch(100, step), rate: 0.1, slices: [61..<100, 0..<3, 3..<3, 3..<61])
      #expect(a == b)
    }
    #expect(whole.state == sliced.state)
  }

  /// A run that is saved and resumed equals one that is not, bit for bit.
  @Test(arguments: settings)
  func resumedEqualsUninterrupted(_ settings: SGD) throws {
    var optimizer = settings.optimizer(count: 50)
    let straight = settings.optimizer(count: 50)
    var a = batch(50, -1)
    var b = a
    for step in 0..<6 {
      if step == 3 {
        let data = try CanonicalJSON.encode(optimizer.state)
        optimizer = settings.optimizer(count: 50)
        try optimizer.restore(CanonicalJSON.decode(OptimizerState.self, from: data))
      }
      optimizer.step(&a, batch(50, step), rate: 0.1, slices: [0..<50])
      straight.step(&b, batch(50, step), rate: 0.1, slices: [0..<50])
    }
    #expect(a == b)
    #expect(optimizer.stepCount == 6)
  }

  @Test func foreignStatesAreRefused() {
    let optimizer = SGD().optimizer(for: [
      ParameterTensor(name: "weight", shape: [2, 3], range: 0..<6),
      ParameterTensor(name: "bias", shape: [2], range: 6..<8),
    ])
    #expect(optimizer.state.arrays["momentum_buffer"]?.count == 8)
    let other = #expect(throws: BalanceError.self) {
      try optimizer.restore(OptimizerState(rule: "adam", stepCount: 1, arrays: [:]))
    }
    #expect(other?.description.contains("'adam', not 'sgd'") == true)
    let shorter = #expect(throws: BalanceError.self) {
      try optimizer.restore(SGD().optimizer(count: 7).state)
    }
    #expect(shorter?.description.contains("has 7 parameters, not 8") == true)
  }
}
