import Foundation

/// The arithmetic that all losses here share: their constants, and one row's value and gradient.
///
///     u_k = δ_k z_k + ι_k                                    scales δ, offsets ι
///     P_k = e^(u_k − m_k) / (e^(u_k − m_k) + Σ_{j≠k} e^(u_j))      margins m
///     l_k = −(1 − P_k)^γ log P_k
///     loss = Σ_k a_k l_k,   a_k = w_k q'_k                   weights w, targets q after smoothing
///
///     ∂l_k/∂u_j = g_k (P_j|k − 1[j = k]),
///     g_k = (1−P_k)^γ − γ P_k (1−P_k)^(γ−1) log P_k
///
/// with P_j|k the probability of j where k has its margin. A row costs O(K), whatever its targets,
/// and nothing is allocated.
struct LossKernel: Hashable, Sendable {
  var weights: [Double]?
  var scales: [Double]?
  var offsets: [Double]?
  var margins: [Double]?
  var gamma = 0.0
  var smoothing: Smoothing?

  /// The value of one row; where a gradient row is given, writes `scale` times the gradient.
  func evaluate(
    _ logits: UnsafeBufferPointer<Float>, _ targets: some TargetRow, scale: Double,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    let row = Row(self, logits)
    let spread = spread(targets, classes: logits.count)
    var value = 0.0
    // Σ a_k g_k / T_k, where T_k is what P_k was divided by.
    var pull = 0.0
    func add(_ k: Int, _ target: Double) {
      let share = coefficient(k, target, spread: spread, classes: logits.count)
      guard share != 0 else { return }
      let term = row.term(k)
      value += share * term.loss
      pull += share * term.slope / term.total
    }
    if spread == 0 {
      targets.visit(add)
    } else {
      for k in logits.indices { add(k, targets[k]) }
    }
    guard let gradient else { return value }
    for k in logits.indices {
      let share = coefficient(k, targets[k], spread: spread, classes: logits.count)
      var slope = row.exponential(k)
      if share == 0 {
        slope *= pull
      } else {
        // From the other classes' sum: P_k − 1 would cancel where P_k is near 1.
        let term = row.term(k)
        let own = share * term.slope / term.total
        slope = slope * (pull - own) - own * term.rest
      }
      gradient[k] = Float(scale * slope * (scales?[k] ?? 1))
    }
    return value
  }

  /// What smoothing adds to the target of every class.
  private func spread(_ targets: some TargetRow, classes: Int) -> Double {
    guard let smoothing else { return 0 }
    var sum = 0.0
    targets.visit { sum += $1 * smoothing.shares(of: $0, classes: classes).spread }
    return sum
  }

  /// a_k.
  private func coefficient(_ k: Int, _ target: Double, spread: Double, classes: Int) -> Double {
    let kept = target == 0 ? 0 : smoothing?.shares(of: k, classes: classes).kept ?? 1
    return (kept * target + spread) * (weights?[k] ?? 1)
  }
}

extension LossKernel {
  /// One row's softmax, `e_k = exp(u_k − max u)`, without overflow.
  private struct Row {
    private let kernel: LossKernel
    private let logits: UnsafeBufferPointer<Float>
    private let maximum: Double
    private let sum: Double

    init(_ kernel: LossKernel, _ logits: UnsafeBufferPointer<Float>) {
      self.kernel = kernel
      self.logits = logits
      var maximum = -Double.infinity
      for k in logits.indices { maximum = max(maximum, Self.adjusted(kernel, logits, k)) }
      var sum = 0.0
      for k in logits.indices { sum += exp(Self.adjusted(kernel, logits, k) - maximum) }
      self.maximum = maximum
      self.sum = sum
    }

    /// u_k.
    private static func adjusted(
      _ kernel: LossKernel, _ logits: UnsafeBufferPointer<Float>, _ k: Int
    ) -> Double {
      Double(logits[k]) * (kernel.scales?[k] ?? 1) + (kernel.offsets?[k] ?? 0)
    }

    private func shifted(_ k: Int) -> Double { Self.adjusted(kernel, logits, k) - maximum }

    func exponential(_ k: Int) -> Double { exp(shifted(k)) }

    /// Loss l_k, its slope g_k, `rest` = Σ_{j≠k} e_j and `total` = `rest` + e_k with its margin.
    func term(_ k: Int) -> (loss: Double, slope: Double, rest: Double, total: Double) {
      let margin = kernel.margins?[k] ?? 0
      let shifted = shifted(k)
      let plain = exp(shifted)
      let rest = rest(k, plain)
      let own = margin == 0 ? plain : exp(shifted - margin)
      let total = rest + own
      let remainder = rest / total
      // Near P_k = 1 the logarithm of the remainder has the digits that log P_k has lost.
      let negativeLog =
        remainder < 0.5 ? -log1p(-remainder) : log(total) - (shifted - margin)
      if kernel.gamma == 0 { return (negativeLog, 1, rest, total) }
      let power = pow(remainder, kernel.gamma)
      // (1−P)^(γ−1) log P as (1−P)^γ · (log P / (1−P)), whose limit at P = 1 is −1: finite for
      // γ < 1 too.
      let ratio = remainder > 0 ? negativeLog / remainder : 1
      let slope = power + kernel.gamma * (own / total) * power * ratio
      return (power * negativeLog, slope, rest, total)
    }

    /// Σ_{j≠k} e_j, by subtraction only where that loses no digits.
    private func rest(_ k: Int, _ own: Double) -> Double {
      if own <= 0.5 * sum { return sum - own }
      var rest = 0.0
      for j in logits.indices where j != k { rest += exponential(j) }
      return rest
    }
  }
}
