/// Adjusted p-values for families of tests.
public enum MultipleComparisons {
  /// Holm's step-down adjustment, which bounds the chance of any false call:
  /// p̃_(i) = max_{j ≤ i} min(1, (m − j + 1) · p_(j)), in the order of the input.
  ///
  /// Source: Holm, *A simple sequentially rejective multiple test procedure*, 1979.
  public static func holm(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var running = 0.0
    for (rank, index) in order.enumerated() {
      running = max(running, min(1, Double(pValues.count - rank) * pValues[index]))
      adjusted[index] = running
    }
    return adjusted
  }

  /// Benjamini and Hochberg's step-up adjustment, which bounds the expected share of false calls
  /// among the calls: p̃_(i) = min_{j ≥ i} min(1, m · p_(j) / j), in the order of the input.
  ///
  /// Source: Benjamini and Hochberg, *Controlling the false discovery rate*, 1995.
  public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var running = 1.0
    for (rank, index) in order.enumerated().reversed() {
      running = min(running, Double(pValues.count) * pValues[index] / Double(rank + 1))
      adjusted[index] = running
    }
    return adjusted
  }
}
