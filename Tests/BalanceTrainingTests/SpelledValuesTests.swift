import BalanceCore
import BalanceObjectives
import BalanceOptimizers
import BalanceSampling
import BalanceTraining
import Testing

/// What the spelled values of all settings promise. A new one is tested by adding its type.
@Suite struct SpelledValuesTests {
  static let types: [any Spelled.Type] = [
    SamplingStrategy.self, LossSpecification.self, ClassWeighting.self, PostHoc.self,
    OptimizerSpecification.self, Schedule.self, WarmUp.self, GradientClipping.self,
    WeightAveraging.self, EarlyStopping.self, WeightChoice.self, Freezing.self, RangeChoice.self,
  ]

  @Test(arguments: types.indices)
  func everyFormReadsItsExample(_ index: Int) throws {
    try check(Self.types[index])
  }

  private func check<Value: Spelled>(_ type: Value.Type) throws {
    let grammar = type.grammar
    #expect(Set(grammar.names).count == grammar.names.count, "\(grammar.kind)")
    for form in grammar.forms {
      let value = try type.init(parsing: form.example)
      // As written in full or shorter, it is the same.
      #expect(try type.init(parsing: value.description) == value, "\(form.usage)")
      #expect(form.naming == .none || value.description.hasPrefix(form.name), "\(form.usage)")
      #expect(!form.summary.isEmpty && !form.summary.hasSuffix("."), "\(form.usage)")
      // One option more than there are is refused.
      let all = form.options.reduce(form.example) { text, option in
        option.usual.map { $0.isEmpty ? text : "\(text):\($0)" } ?? text
      }
      #expect(try type.init(parsing: all) == value, "\(all)")
      #expect(throws: BalanceError.self, "\(all)") { try type.init(parsing: all + ":0.5:0.7:9") }
      // Each option that can be a number can not be any.
      for option in form.options where option.expected.contains("number") {
        #expect(
          option.expected.contains("from") || option.expected.contains("above")
            || option.expected.contains("between"), "\(option.expected)")
      }
    }
    #expect(throws: BalanceError.self) { try type.init(parsing: "no such thing") }
  }
}
