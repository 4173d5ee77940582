import BalanceCore
import BalanceObjectives
import Testing

@Suite struct LossSpecificationTests {
  @Test(arguments: LossConformanceTests.losses)
  func spellingReadsBack(_ specification: LossSpecification) throws {
    #expect(try LossSpecification(parsing: specification.description) == specification)
    let json = try CanonicalJSON.encode(["loss": specification])
    #expect(
      try CanonicalJSON.decode([String: LossSpecification].self, from: json)
        == ["loss": specification])
  }

  /// Options that are left out are the usual ones, and the usual ones are not written.
  @Test(arguments: LossSpecification.grammar.names)
  func namesAloneAreWrittenAsRead(_ name: String) throws {
    #expect(try LossSpecification(parsing: name).description == name)
  }

  @Test(arguments: [
    ("ldam:0.5:30", "ldam"), ("ldam:0.4", "ldam:0.4"), ("ldam:0.5:10", "ldam:0.5:10.0"),
    ("balanced-softmax:1", "balanced-softmax"), ("vector-scaling:0.3:0", "vector-scaling:0.3:0.0"),
    ("class-balanced-focal:0.999", "class-balanced-focal:0.999"),
    ("label-aware-smoothing:0.4:0.1", "label-aware-smoothing:0.4:0.1"),
  ])
  func spellings(text: String, expected: String) throws {
    #expect(try LossSpecification(parsing: text).description == expected)
  }

  @Test(arguments: [
    ("focl", "did you mean 'focal'?"), ("focal:-1", "gamma"), ("focal:x", "gamma"),
    ("focal:", "gamma"), ("focal:inf", "gamma"), ("focal:nan", "gamma"),
    ("label-smoothing:1.5", "epsilon"), ("label-smoothing-other", "label-smoothing-others"),
    ("cross-entropy:1", "the loss 'cross-entropy' has no option '1'; write cross-entropy"),
    ("ldam:0.5:0", "expected a number from 0.001 to 500, as in ldam:0.5:30"),
    ("ldam:0.5:30:1", "the loss 'ldam' has no option '1'; write ldam[:MARGIN:SCALE]"),
    ("ldam:2", "margin"), ("balanced-softmax:-1", "tau"), ("balance-softmax", "balanced-softmax"),
    ("class-balanced-focal:1", "beta"), ("vector-scaling:x", "gamma"),
    ("label-aware-smoothing:0.3:2", "tail of the loss 'label-aware-smoothing' is '2'"),
  ])
  func unknownSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try LossSpecification(parsing: text) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}
