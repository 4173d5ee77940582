import BalanceCore
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct RateRangeTestTests {
  /// Ten rates a decade from 10⁻⁵ up.
  private func rates(_ count: Int) -> [Double] {
    (0..<count).map { 1e-5 * pow(10, Double($0) / 10) }
  }

  @Test func theSteepestFallIsSuggested() throws {
    // Falls around 10⁻³, is lowest at 10⁻², explodes beyond.
    let rates = rates(50)
    let losses = rates.map { rate in
      2 - 1 / (1 + exp(-6 * (log10(rate) + 3))) + max(0, log10(rate) + 2) * 2
    }
    let test = RateRangeTest(rates: rates, losses: losses, diverged: true)
    let suggestion = try #require(test.suggestion)
    #expect((5e-4...2e-3).contains(suggestion.rate))
    #expect((3e-3...3e-2).contains(suggestion.lowest))
    #expect(suggestion.fall > 0.5)
    #expect(test.csv.split(separator: "\n").count == 51)
  }

  @Test func withoutAFallThereIsNoSuggestion() {
    let rising = RateRangeTest(rates: rates(30), losses: (0..<30).map(Double.init), diverged: false)
    #expect(rising.suggestion == nil)
    #expect(RateRangeTest(rates: [], losses: [], diverged: true).suggestion == nil)
    #expect(RateRangeTest(rates: [0.1], losses: [2], diverged: true).suggestion == nil)
  }

  @Test func aTrainerIsTested() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration()
      let trainer = try pictures.trainer(configuration)
      let test = try trainer.rangeTest(
        from: 1e-6, to: 100, steps: 80, progress: SilentProgress())
      #expect(test.points.first?.rate == 1e-6)
      #expect(zip(test.points, test.points.dropFirst()).allSatisfy { $0.rate < $1.rate })
      #expect(test.points.count <= 80 && test.points.count > 20)
      let suggestion = try #require(test.suggestion)
      #expect(suggestion.rate > 1e-6 && suggestion.rate < 100)
    }
  }
}
