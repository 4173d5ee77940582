/// Reads point estimates from the scores and intervals from the bootstrap, contrast by contrast.
struct ContrastReader {
  let contrasts: [Contrast]
  let draws: BootstrapDraws
  let scores: [CountScores]
  let support: [Int]
  let bands: [SupportBand]
  let options: ComparisonOptions

  func estimate(_ contrast: Int, _ quantity: Int) -> Estimate {
    Estimate(mean: mean(contrast, quantity), interval: draws.interval(contrast, quantity))
  }

  func difference(_ contrast: Int, _ quantity: Int, testImages: Int) -> Difference {
    let interval = draws.interval(contrast, quantity)
    return Difference(
      mean: mean(contrast, quantity), interval: interval,
      pValue: draws.pValue(contrast, quantity), testImages: testImages,
      verdict: Verdict(interval: interval, testImages: testImages, options: options))
  }

  /// The observed value: every image and every seed once.
  private func mean(_ contrast: Int, _ quantity: Int) -> Double {
    let contrast = contrasts[contrast]
    var sum = 0.0
    for (position, run) in contrast.runs.enumerated() {
      sum += value(scores[run], quantity)
      if let references = contrast.references {
        sum -= value(scores[references[position]], quantity)
      }
    }
    return sum / Double(contrast.runs.count)
  }

  private func value(_ scores: CountScores, _ quantity: Int) -> Double {
    let layout = draws.layout
    switch quantity {
    case layout.accuracy: return scores.accuracy
    case layout.macroF1: return scores.macroF1
    case layout.priorWeightedAccuracy: return scores.priorWeightedAccuracy
    case layout.band(0)..<layout.f1(0):
      return scores.meanF1(of: bands[quantity - layout.band(0)].classes)
    case layout.f1(0)..<layout.recall(0): return scores.f1[quantity - layout.f1(0)]
    default: return scores.recall[quantity - layout.recall(0)]
    }
  }
}
