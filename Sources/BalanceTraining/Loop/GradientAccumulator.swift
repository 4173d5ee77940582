import BalanceNetworks
import BalanceTensors

/// The mean gradient of several batches, each weighing as much as its images do in the loss:
/// g = Σ_b W_b g_b / Σ_b W_b with W_b = Σ w_y, so that the mean over 4 × 32 images is that over
/// 128.
///
/// Nothing has to be cleared: the first batch after `finish` overwrites the sum.
final class GradientAccumulator {
  private let sum: UnsafeMutableBufferPointer<Float>
  private var total = 0.0
  private(set) var batches = 0

  init(count: Int) {
    sum = .allocate(capacity: count)
    sum.initialize(repeating: 0)
  }

  deinit { sum.deallocate() }

  /// Takes in the gradient of one batch, of weight W_b.
  func add(_ gradients: UnsafeMutableBufferPointer<Float>, weight: Double, on pool: ComputePool) {
    precondition(gradients.count == sum.count, "\(gradients.count) gradients for \(sum.count)")
    let isFirst = batches == 0
    total = isFirst ? weight : total + weight
    batches += 1
    let factor = Float(weight)
    nonisolated(unsafe) let (sum, gradients) = (sum, gradients)
    pool.run { thread in
      let range = thread.slice(of: sum.count)
      let target = UnsafeMutableBufferPointer(rebasing: sum[range])
      let source = UnsafeMutableBufferPointer(rebasing: gradients[range])
      if isFirst {
        for i in 0..<target.count { target[i] = factor * source[i] }
      } else {
        for i in 0..<target.count { target[i] += factor * source[i] }
      }
    }
  }

  /// Forgets the batches since the last `finish`.
  func discard() { batches = 0 }

  /// Writes the mean over the batches since the last call; zeros where every image had weight 0.
  func finish(into gradients: UnsafeMutableBufferPointer<Float>, on pool: ComputePool) {
    let factor = total > 0 ? Float(1 / total) : 0
    batches = 0
    nonisolated(unsafe) let (sum, gradients) = (sum, gradients)
    pool.run { thread in
      for i in thread.slice(of: sum.count) { gradients[i] = factor * sum[i] }
    }
  }
}
