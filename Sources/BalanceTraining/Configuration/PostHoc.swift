public import BalanceCore

/// What is done to the last layer of a trained network, against the imbalance it was trained under
/// or for better probabilities. The weights that are saved have it in them.
public enum PostHoc: Spelled {
  case none
  /// b_c ← b_c − τ log π_c; see `LogitAdjustment`.
  case logitAdjustment(tau: Double)
  /// W ← W / T, b ← b / T with the T that suits the validation images best; see
  /// `TemperatureScaling`.
  case temperature
  /// W_c ← W_c / ‖W_c‖^τ, b ← 0; see `TauNormalization`.
  case tauNormalization(tau: Double)

  public static let grammar = Grammar<PostHoc>(
    "post-hoc correction",
    [
      SpelledForm("none", "the last layer as it was trained", is: .none),
      SpelledForm(
        "logit-adjustment", "TAU log of the class shares off the bias", tau,
        make: { .logitAdjustment(tau: $0) },
        take: { if case .logitAdjustment(let tau) = $0 { tau } else { nil } }),
      SpelledForm(
        "tau-norm", "rows divided by their length to the power TAU", tau,
        make: { .tauNormalization(tau: $0) },
        take: { if case .tauNormalization(let tau) = $0 { tau } else { nil } }),
      SpelledForm("temperature", "the temperature that suits validation best", is: .temperature),
    ])

  private static let tau = SpelledOption.number(
    "TAU", .from(0, to: 10), usual: 1, example: "0.7")

  /// τ of a prior that is taken out of the logits; 0 for none.
  var priorTau: Double {
    if case .logitAdjustment(let tau) = self { tau } else { 0 }
  }
}
