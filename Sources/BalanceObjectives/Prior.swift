import Foundation

/// Class shares as losses and post-hoc corrections take them.
enum Prior {
  /// What a class without images counts as, so that its logarithm is finite.
  static let floor = 1e-12

  /// π_c = n_c / N; 0 for all where there are no images.
  static func shares(_ counts: [Int]) -> [Double] {
    let total = Double(counts.reduce(0, +))
    return counts.map { total > 0 ? Double($0) / total : 0 }
  }

  /// log max(π_c, 1e-12).
  static func logarithms(_ counts: [Int]) -> [Double] {
    shares(counts).map { log(max($0, floor)) }
  }
}
