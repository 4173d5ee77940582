public import BalanceCore

extension OptimizerSpecification {
  public static let grammar = Grammar<OptimizerSpecification>(
    "optimizer",
    [
      SpelledForm("sgd", "gradient descent with momentum", is: .sgd),
      SpelledForm("nesterov", "gradient descent with Nesterov's momentum", is: .nesterov),
      adam("adam", "Adam; weight decay is added to the gradient") {
        .adam($0)
      } take: {
        if case .adam(let constants) = $0 { constants } else { nil }
      },
      adam("adamw", "Adam with decoupled weight decay") {
        .adamw($0)
      } take: {
        if case .adamw(let constants) = $0 { constants } else { nil }
      },
      adamp("adamp", "AdamW that keeps growth of scale-invariant weights out", nesterov: false),
      adamp("adamp-nesterov", "AdamP with Nesterov's momentum", nesterov: true),
    ])

  private static let beta1 = SpelledOption.number("BETA1", .from(0, below: 1), usual: 0.9)
  private static let beta2 = SpelledOption.number("BETA2", .from(0, below: 1), usual: 0.999)
  private static let epsilon = SpelledOption.number("EPSILON", .above(0), usual: 1e-8)

  private static func adam(
    _ name: String, _ summary: String,
    make: @escaping @Sendable (AdamConstants) -> OptimizerSpecification,
    take: @escaping @Sendable (OptimizerSpecification) -> AdamConstants?
  ) -> SpelledForm<OptimizerSpecification> {
    SpelledForm(
      name, summary, beta1, beta2, epsilon,
      make: { make(AdamConstants(beta1: $0, beta2: $1, epsilon: $2)) },
      take: { take($0).map { ($0.beta1, $0.beta2, $0.epsilon) } })
  }

  private static func adamp(_ name: String, _ summary: String, nesterov: Bool)
    -> SpelledForm<OptimizerSpecification>
  {
    SpelledForm(
      name, summary, beta1, beta2, epsilon,
      .number("DELTA", .from(0), usual: 0.1), .number("RATIO", .from(0), usual: 0.1),
      make: {
        .adamp(
          AdamConstants(beta1: $0, beta2: $1, epsilon: $2), delta: $3, decayRatio: $4,
          nesterov: nesterov)
      },
      take: {
        guard case .adamp(let constants, let delta, let ratio, nesterov) = $0 else { return nil }
        return (constants.beta1, constants.beta2, constants.epsilon, delta, ratio)
      })
  }
}
