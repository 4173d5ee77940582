import BalanceCore

/// Words the result in at most 60 words, the weightiest sentences first.
struct VerdictWriter {
  static let limit = 60
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  /// Sentences in order, as long as they fit; a sentence that does not fit is left out whole.
  var text: String {
    var kept: [String] = []
    var words = 0
    for sentence in sentences {
      let count = Self.words(sentence)
      guard words + count <= Self.limit else { continue }
      kept.append(sentence)
      words += count
    }
    return kept.joined(separator: " ")
  }

  /// Words as a reader counts them: what is between spaces, no-break spaces included.
  static func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

  private var sentences: [String] {
    guard comparison.arms.count > 1 else {
      return comparison.diverged.isEmpty
        ? ["There is only one arm, so there is nothing to compare it with."]
        : ["There is only one arm left whose runs did not diverge, so there is nothing to compare."]
    }
    guard comparison.isValid else {
      return [
        "The runs cannot be ranked: see the alert above.",
        "Figures are shown as they are, and no winner is declared.",
      ]
    }
    guard let focus = comparison.focus, let difference = comparison.arms[focus].difference else {
      return ["No remedy can be paired with the baseline, so no difference can be given."]
    }
    var sentences: [String] = []
    if let first = comparison.ranking.order.first,
      let divergence = comparison.divergence(comparison.arms[first])
    {
      sentences.append("Of \(comparison.arms[first].name), \(divergence): no winner is declared.")
    } else if !comparison.diverged.isEmpty {
      sentences.append("\(Figures.counted(comparison.diverged.count, "run")) diverged.")
    }
    if comparison.ranking.winner == comparison.baseline {
      sentences.append("No remedy beat \(comparison.arms[comparison.baseline].name) on validation.")
    }
    sentences.append(headline(comparison.arms[focus], difference))
    if let inseparable = inseparable() { sentences.append(inseparable) }
    sentences += bandSentences(difference)
    if let share = difference.shareFromThinClasses, share >= 0.2 {
      sentences.append(
        "\(Figures.percent(share, digits: 0)) of the change comes from classes with under "
          + "\(comparison.options.minimumTestImages) test images.")
    }
    if comparison.ranking.basis == .test {
      sentences.append("Without validation images no winner is declared.")
    }
    return sentences
  }

  private func headline(_ arm: Arm, _ difference: ArmDifference) -> String {
    let reference = comparison.arms[difference.reference]
    let f1 = difference.macroF1
    let verb =
      switch f1.verdict {
      case .gained, .clearlyGained: "raised"
      case .lost: "lowered"
      default: "moved"
      }
    let seeds = Figures.counted(difference.perSeed.count, "seed")
    let percent = Figures.percent(comparison.options.coverage, digits: 0)
    var text =
      "\(arm.name) \(verb) macro F1 from \(Figures.fixed(reference.macroF1.mean)) to "
      + "\(Figures.fixed(arm.macroF1.mean)) (\(Figures.signed(f1.mean)); \(percent) interval "
      + "\(range(f1.interval)); \(seeds), "
      + "\(Figures.count(comparison.data.testCounts.total)) test images)"
    text = text.prefix(1).uppercased() + text.dropFirst()
    switch f1.verdict {
    case .same: text += ", which is practically the same,"
    case .unclear: text += ", which may be no change,"
    default: break
    }
    guard let accuracy = comparison.headlineAccuracyDifference(arm) else { return text + "." }
    return text + " " + price(accuracy) + "."
  }

  private func price(_ accuracy: Difference) -> String {
    let size = Figures.fixed(abs(100 * accuracy.mean), digits: 1)
    let low = Figures.signed(100 * accuracy.interval.lower, digits: 1)
    let high = Figures.signed(100 * accuracy.interval.upper, digits: 1)
    switch accuracy.verdict {
    case .lost: return "and cost \(size) accuracy points (\(low) to \(high))"
    case .gained, .clearlyGained: return "and added \(size) accuracy points (\(low) to \(high))"
    case .same: return "with practically the same accuracy"
    default: return "with accuracy unclear (\(low) to \(high) points)"
    }
  }

  private func inseparable() -> String? {
    let names = comparison.ranking.inseparable.map { comparison.arms[$0].name }
    guard !names.isEmpty, comparison.focus == comparison.ranking.order.first else { return nil }
    return names.count <= 2
      ? "It cannot be separated from \(Figures.list(names))."
      : "It cannot be separated from \(names.count) other arms."
  }

  private func bandSentences(_ difference: ArmDifference) -> [String] {
    let named = zip(comparison.bands, difference.bands)
    func phrase(_ word: String, _ match: (Verdict) -> Bool) -> String? {
      let hits = named.filter { match($0.1.verdict) }.map { band, change in
        "\(band.name) (\(Figures.signed(change.mean)))"
      }
      return hits.isEmpty ? nil : "\(word): \(Figures.list(hits))."
    }
    return [
      phrase("Bands that gained", \.isGain), phrase("Bands that lost", { $0 == .lost }),
    ].compactMap(\.self)
  }

  private func range(_ interval: Interval) -> String {
    "\(Figures.signed(interval.lower)) to \(Figures.signed(interval.upper))"
  }
}

extension Comparison {
  /// The remedy that the detailed sections show first: the winner or leader; the next in order
  /// where that is the baseline; nil if no arm has a difference.
  public var focus: Int? {
    ranking.order.first { arms[$0].difference != nil }
  }
}
