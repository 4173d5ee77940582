import BalanceCore
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("focl", "focal"), ("corss-entropy", "cross-entropy"), ("Oversmaple", "oversample"),
  ])
  func findsWhatWasMeant(typed: String, meant: String) {
    let names = ["cross-entropy", "focal", "label-smoothing", "oversample", "undersample"]
    #expect(Suggestion.nearest(to: typed, in: names) == meant)
  }

  @Test func staysSilentWhenNothingIsNear() {
    let error = Suggestion.unknown("loss", "zzz", among: ["focal", "cross-entropy"])
    #expect(error.description == "unknown loss 'zzz'; there are: focal, cross-entropy")
  }
}
