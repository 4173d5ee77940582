import BalanceCore

/// The memory of one batch, used again and again.
final class BatchSlot {
  let pixels: UnsafeMutableBufferPointer<Float>
  let labels: UnsafeMutableBufferPointer<Int32>
  let positions: UnsafeMutableBufferPointer<Int32>
  /// Which image of the batch each image is mixed with, the class of that, and the own share; empty
  /// where nothing is mixed.
  let partners: UnsafeMutableBufferPointer<Int32>
  let partnerLabels: UnsafeMutableBufferPointer<Int32>
  let shares: UnsafeMutableBufferPointer<Float>

  init(batchSize: Int, imageSize: Int, mixes: Bool) {
    let count = batchSize * imageSize
    // On lines of the cache, as vector instructions like it best.
    pixels = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self)
    labels = .allocate(capacity: batchSize)
    positions = .allocate(capacity: batchSize)
    partners = .allocate(capacity: mixes ? batchSize : 0)
    partnerLabels = .allocate(capacity: mixes ? batchSize : 0)
    shares = .allocate(capacity: mixes ? batchSize : 0)
  }

  deinit {
    UnsafeMutableRawBufferPointer(pixels).deallocate()
    labels.deallocate()
    positions.deallocate()
    partners.deallocate()
    partnerLabels.deallocate()
    shares.deallocate()
  }

  /// What the first `count` images are to be.
  func targets(_ count: Int) -> BatchTargets {
    let labels = UnsafeBufferPointer(rebasing: labels[..<count])
    if shares.isEmpty { return .labels(labels) }
    return .mixtures(
      BatchTargets.Mixtures(
        labels: labels, partners: UnsafeBufferPointer(rebasing: partnerLabels[..<count]),
        shares: UnsafeBufferPointer(rebasing: shares[..<count])))
  }
}
