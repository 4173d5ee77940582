/// The rate times `factor` after more than `patience` epochs without a better validation figure, as
/// `torch.optim.lr_scheduler.ReduceLROnPlateau`.
///
/// Better means by more than one ten-thousandth of the best so far. The figure of an epoch counts
/// for the epochs after it. A figure that is not a number is not better.
public struct ReduceOnPlateau: Hashable, Sendable {
  /// The validation figure that is watched.
  public enum Metric: String, CaseIterable, Codable, Sendable {
    case macroF1 = "macro-f1"
    case accuracy
    case loss

    var risesWhenBetter: Bool { self != .loss }
  }

  public var metric: Metric
  /// In 0..<1.
  public var factor: Double
  public var patience: Int
  /// No rate below.
  public var minimum: Double
  /// Epochs after a reduction that are not counted.
  public var cooldown: Int

  public init(
    metric: Metric = .macroF1, factor: Double = 0.1, patience: Int = 10, minimum: Double = 0,
    cooldown: Int = 0
  ) {
    self.metric = metric
    self.factor = factor
    self.patience = patience
    self.minimum = minimum
    self.cooldown = cooldown
  }

  /// What has been seen so far, for a checkpoint.
  public struct State: Codable, Hashable, Sendable {
    var rate: Double
    var best: Double?
    var badEpochs = 0
    var cooldownLeft = 0

    /// Whether the counts are such as so many epochs leave; a checkpoint may say anything.
    func isPossible(after epochs: Int, cooldown: Int) -> Bool {
      (0...epochs).contains(badEpochs) && (0...max(0, cooldown)).contains(cooldownLeft)
    }
  }

  /// What better figures must exceed, as a share of the best.
  static let threshold = 1e-4
  /// Reductions by less are not made.
  static let smallestReduction = 1e-8

  func observe(_ figure: Double, _ state: inout State) {
    if isBetter(figure, than: state.best) {
      state.best = figure
      state.badEpochs = 0
    } else {
      state.badEpochs += 1
    }
    if state.cooldownLeft > 0 {
      state.cooldownLeft -= 1
      state.badEpochs = 0
    }
    guard state.badEpochs > patience else { return }
    let reduced = max(state.rate * factor, minimum)
    if state.rate - reduced > Self.smallestReduction { state.rate = reduced }
    state.cooldownLeft = cooldown
    state.badEpochs = 0
  }

  private func isBetter(_ figure: Double, than best: Double?) -> Bool {
    guard let best else { return !figure.isNaN }
    return metric.risesWhenBetter
      ? figure > best * (1 + Self.threshold) : figure < best * (1 - Self.threshold)
  }
}
