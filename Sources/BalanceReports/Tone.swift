import BalanceComparisons

/// How a verdict looks: a class that carries its colour, and a sign, since colour alone is not
/// seen by everybody.
enum Tone: String {
  case gain
  case loss
  case same
  case unclear
  case unjudged

  init(_ verdict: Verdict) {
    self =
      switch verdict {
      case .gained, .clearlyGained: .gain
      case .lost: .loss
      case .same: .same
      case .unclear: .unclear
      case .notJudged: .unjudged
      }
  }

  var sign: String {
    switch self {
    case .gain: "▲"
    case .loss: "▼"
    case .same: "="
    case .unclear: "?"
    case .unjudged: "·"
    }
  }
}
