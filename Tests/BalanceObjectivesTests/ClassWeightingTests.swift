import BalanceCore
import BalanceObjectives
import Testing

@Suite struct ClassWeightingTests {
  private let counts = ClassCounts(names: ["a", "b", "c"], counts: [60, 20, 0])

  static let weightings: [ClassWeighting] = [
    .none, .inverseFrequency, .effectiveNumber(beta: 0), .effectiveNumber(beta: 0.9999),
    .custom([1, 2.5, 0]),
  ]

  @Test func absentClassesWeighNothing() throws {
    #expect(try ClassWeighting.none.weights(for: counts) == nil)
    #expect(try ClassWeighting.inverseFrequency.weights(for: counts) == [80.0 / 120, 2, 0])
    #expect(try ClassWeighting.effectiveNumber(beta: 0).weights(for: counts) == [1, 1, 0])
    let near = try #require(
      try ClassWeighting.effectiveNumber(beta: 1 - 1e-9).weights(for: counts))
    // β → 1 is inverse frequency.
    #expect(abs(near[1] / near[0] - 3) < 1e-6)
    #expect(abs(near[0] + near[1] - 2) < 1e-12)
  }

  @Test func noImagesGiveNoWeight() throws {
    let empty = ClassCounts(names: ["a"], counts: [0])
    #expect(try ClassWeighting.inverseFrequency.weights(for: empty) == [0])
    #expect(try ClassWeighting.effectiveNumber(beta: 0.9).weights(for: empty) == [0])
  }

  @Test func customWeightsAreOneAClass() {
    let error = #expect(throws: BalanceError.self) {
      try ClassWeighting.custom([1, 2]).weights(for: counts)
    }
    #expect(
      error?.description == "2 class weights for 3 classes; give one for each of: a, b, c")
  }

  @Test func listsNeedNoName() throws {
    #expect(try ClassWeighting(parsing: "1,2.5,0") == .custom([1, 2.5, 0]))
  }

  @Test(arguments: weightings)
  func spellingReadsBack(_ weighting: ClassWeighting) throws {
    #expect(try ClassWeighting(parsing: weighting.description) == weighting)
  }

  @Test(arguments: [
    ("inverse-frequncy", "did you mean 'inverse-frequency'?"), ("none:1", "no option '1'"),
    ("effective-number:1", "beta"), ("effective-number:x", "beta"), ("custom", "needs W,W…"),
    ("custom:1,,2", "'1,,2'; expected numbers"), ("custom:0,0", "not all 0"),
    ("custom:1,-1", "numbers from 0"), ("1,x", "'1,x'; expected"), ("custom:1,inf", "one a class"),
  ])
  func badSpellingsAreRefused(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try ClassWeighting(parsing: text) }
    #expect(error?.description.contains(expected) == true)
  }
}
