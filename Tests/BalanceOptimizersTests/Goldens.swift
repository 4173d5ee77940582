import BalanceCore
import BalanceOptimizers
import Foundation

/// What `OptimizerGoldens` holds.
struct Goldens: Decodable {
  struct Rule: Decodable {
    let optimizer: OptimizerSpecification
    let momentum: Double
    let weightDecay: Double
    /// The values after each step.
    let after: [[Float]]
  }

  struct Rates: Decodable {
    let schedule: String
    let base: Double
    let rates: [Double]
  }

  let shape: [Int]
  let start: [Float]
  let gradients: [[Float]]
  let rates: [Double]
  let rules: [Rule]
  let epochs: Int
  let schedules: [Rates]

  static func load() throws -> Goldens {
    try CanonicalJSON.decode(Goldens.self, from: Data(OptimizerGoldens.json.utf8))
  }
}
