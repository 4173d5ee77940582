import BalanceCore
import BalanceOptimizers
import Foundation
import Testing

@Suite struct OptimizerTests {
  @Test func stepsAreTheReferences() throws {
    let goldens = try Goldens.load()
    #expect(goldens.rules.count == 12)
    for golden in goldens.rules {
      let rule = try golden.optimizer.rule(
        momentum: golden.momentum, weightDecay: golden.weightDecay)
      let optimizer = rule.optimizer(for: [
        ParameterTensor(name: "weight", shape: goldens.shape, range: 0..<goldens.start.count)
      ])
      var values = goldens.start
      for (k, gradient) in goldens.gradients.enumerated() {
        optimizer.step(&values, gradient, rate: goldens.rates[k])
        for (mine, theirs) in zip(values, golden.after[k]) {
          // Some roundings a step of values below 8.
          #expect(
            abs(mine - theirs) <= Float(k + 1) * 0x1p-20, "\(golden.optimizer), step \(k)")
        }
      }
    }
  }

  static let spellings = [
    "sgd", "nesterov", "adam", "adam:0.8", "adamw:0.9:0.95", "adamw:0.9:0.999:1e-06", "adamp",
    "adamp:0.9:0.999:1e-08:0.2", "adamp-nesterov:0.8:0.99:1e-07:0.1:0.5",
  ]

  @Test(arguments: spellings)
  func spellingReadsBack(_ spelling: String) throws {
    let specification = try OptimizerSpecification(parsing: spelling)
    #expect(specification.description == spelling)
    let json = try CanonicalJSON.encode([specification])
    #expect(try CanonicalJSON.decode([OptimizerSpecification].self, from: json) == [specification])
  }

  @Test func everyNameIsRead() throws {
    for name in OptimizerSpecification.grammar.names {
      #expect("\(try OptimizerSpecification(parsing: name))" == name)
    }
    #expect(try OptimizerSpecification(parsing: "adam:0.9:0.999") == .adam(AdamConstants()))
  }

  @Test(arguments: [
    ("adamv", "did you mean 'adam"), ("sgd:0.9", "has no option '0.9'; write sgd"),
    ("adam:1", "beta1 of the optimizer 'adam' is '1'"), ("adam:0.9:0.999:0", "epsilon of"),
    ("adamw:0.9:0.999:1e-8:0.1", "write adamw[:BETA1:BETA2:EPSILON]"),
    ("adamp:0.9:0.999:1e-8:-1", "delta of"), ("adamp:x", "beta1 of"),
    ("", "unknown optimizer ''"),
  ])
  func badSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try OptimizerSpecification(parsing: text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func nesterovNeedsAMomentum() {
    let error = #expect(throws: BalanceError.self) {
      try OptimizerSpecification.nesterov.rule(momentum: 0, weightDecay: 0)
    }
    #expect(error?.place == "momentum")
  }
}
