/// Clips the gradients of some ranges of a flat buffer, from any number of threads.
///
/// One step is `measure` for all of `blocks`, then, when every thread has measured, `apply` for
/// ranges that cover the gradients. The norm is the same, bit for bit, for any number of threads:
/// it is added up block by block.
public final class GradientClipper: @unchecked Sendable {
  public let clipping: GradientClipping
  /// Parts of the ranges, in their order.
  public let blocks: [Range<Int>]
  private let sums: UnsafeMutableBufferPointer<Double>

  static let blockSize = 4096

  /// - Parameter ranges: of the trained parameters, which do not overlap.
  public init(_ clipping: GradientClipping, ranges: [Range<Int>]) {
    self.clipping = clipping
    blocks = ranges.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: Self.blockSize).map {
        $0..<min($0 + Self.blockSize, range.upperBound)
      }
    }
    sums = .allocate(capacity: blocks.count)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  /// Whether there is anything to measure.
  public var needsNorm: Bool { if case .norm = clipping { true } else { false } }

  /// Adds up the squares of some blocks.
  public func measure(_ gradients: UnsafeBufferPointer<Float>, blocks part: Range<Int>) {
    guard needsNorm else { return }
    for index in part {
      sums[index] = Self.sumOfSquares(UnsafeBufferPointer(rebasing: gradients[blocks[index]]))
    }
  }

  /// ‖g‖₂ of the gradients that were measured.
  public var norm: Double { sums.reduce(0, +).squareRoot() }

  /// Clips `gradients[range]`. Gradients that are not numbers stay so.
  public func apply(_ gradients: UnsafeMutableBufferPointer<Float>, range: Range<Int>) {
    let part = UnsafeMutableBufferPointer(rebasing: gradients[range])
    switch clipping {
    case .none: break
    case .norm(let bound):
      let norm = norm
      let factor = norm.isNaN ? Float.nan : Float(min(1, bound / (norm + 1e-6)))
      if factor == 1 { return }
      for i in 0..<part.count { part[i] *= factor }
    case .value(let bound):
      let bound = Float(bound)
      for i in 0..<part.count {
        let gradient = part[i]
        part[i] = gradient > bound ? bound : gradient < -bound ? -bound : gradient
      }
    }
  }

  /// Σ g² in double precision, in eight sums that a processor can take together.
  private static func sumOfSquares(_ gradients: UnsafeBufferPointer<Float>) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = gradients.count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      for lane in 0..<8 {
        let gradient = Double(gradients[i + lane])
        sums[lane] += gradient * gradient
      }
    }
    var sum = sums.sum()
    for i in whole..<gradients.count { sum += Double(gradients[i]) * Double(gradients[i]) }
    return sum
  }
}
