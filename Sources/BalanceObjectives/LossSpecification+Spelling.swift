public import BalanceCore

extension LossSpecification: CustomStringConvertible {
  /// The names that `init(parsing:)` knows.
  public static let names = [
    "cross-entropy", "focal", "class-balanced-focal", "label-smoothing", "label-smoothing-others",
    "label-aware-smoothing", "ldam", "logit-adjusted", "balanced-softmax", "vector-scaling",
  ]

  /// Reads, with what stands where options are left out:
  ///
  ///     cross-entropy
  ///     focal:GAMMA                       2
  ///     class-balanced-focal:BETA:GAMMA   0.9999, 2
  ///     label-smoothing:EPSILON           0.1    ε / K to every class
  ///     label-smoothing-others:EPSILON    0.1    ε / (K − 1) to the others
  ///     label-aware-smoothing:HEAD:TAIL   0.3, 0
  ///     ldam:MARGIN:SCALE                 0.5, 30
  ///     logit-adjusted:TAU                1
  ///     balanced-softmax:TAU              1
  ///     vector-scaling:GAMMA:TAU          0.3, 1
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name, with the name that was meant,
  ///   an option that the loss has not, or one that is no number of its range.
  public init(parsing text: String) throws(BalanceError) {
    var options = LossOptions(text)
    switch options.name {
    case "cross-entropy": self = .crossEntropy
    case "focal": self = .focal(gamma: try options.next(.gamma, 2))
    case "class-balanced-focal":
      self = .classBalancedFocal(
        beta: try options.next(.beta, 0.9999), gamma: try options.next(.gamma, 2))
    case "label-smoothing": self = .labelSmoothing(epsilon: try options.next(.epsilon, 0.1))
    case "label-smoothing-others":
      self = .labelSmoothing(epsilon: try options.next(.epsilon, 0.1), form: .otherClasses)
    case "label-aware-smoothing":
      self = .labelAwareSmoothing(
        head: try options.next(.headEpsilon, 0.3), tail: try options.next(.tailEpsilon, 0))
    case "ldam":
      self = .ldam(margin: try options.next(.margin, 0.5), scale: try options.next(.scale, 30))
    case "logit-adjusted": self = .logitAdjusted(tau: try options.next(.tau, 1))
    case "balanced-softmax": self = .balancedSoftmax(tau: try options.next(.tau, 1))
    case "vector-scaling":
      self = .vectorScaling(gamma: try options.next(.gamma, 0.3), tau: try options.next(.tau, 1))
    default: throw Suggestion.unknown("loss", options.name, among: Self.names)
    }
    try options.finish()
  }

  public var description: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .focal(let gamma): Self.spell("focal", (gamma, 2))
    case .classBalancedFocal(let beta, let gamma):
      Self.spell("class-balanced-focal", (beta, 0.9999), (gamma, 2))
    case .labelSmoothing(let epsilon, .allClasses): Self.spell("label-smoothing", (epsilon, 0.1))
    case .labelSmoothing(let epsilon, .otherClasses):
      Self.spell("label-smoothing-others", (epsilon, 0.1))
    case .labelAwareSmoothing(let head, let tail):
      Self.spell("label-aware-smoothing", (head, 0.3), (tail, 0))
    case .ldam(let margin, let scale): Self.spell("ldam", (margin, 0.5), (scale, 30))
    case .logitAdjusted(let tau): Self.spell("logit-adjusted", (tau, 1))
    case .balancedSoftmax(let tau): Self.spell("balanced-softmax", (tau, 1))
    case .vectorScaling(let gamma, let tau):
      Self.spell("vector-scaling", (gamma, 0.3), (tau, 1))
    }
  }

  /// The name and its options, up to the last one that is not what stands when it is left out.
  private static func spell(_ name: String, _ options: (value: Double, usual: Double)...)
    -> String
  {
    let count = (options.lastIndex { $0.value != $0.usual } ?? -1) + 1
    return ([name] + options[..<count].map { "\($0.value)" }).joined(separator: ":")
  }
}
