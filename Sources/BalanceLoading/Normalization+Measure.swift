public import BalanceCore
import BalanceImages

extension Normalization {
  /// Mean and population standard deviation of each channel over all pixels of the images at
  /// `positions`, which should be those of the training images and no others.
  ///
  /// Sums are exact (integers), the rest is in double precision. A channel that never varies gets
  /// the deviation 1, so that all its values become 0.
  ///
  /// - Throws: `BalanceError` with code `data` where there are no positions.
  public static func measure(
    _ cache: PixelCache, positions: some Sequence<Int>
  ) throws(BalanceError) -> Normalization {
    var sums = [UInt64](repeating: 0, count: cache.channels)
    var squares = sums
    var images = 0
    for position in positions {
      PixelKernels.addSums(of: cache.pixels(position), to: &sums, squares: &squares)
      images += 1
    }
    guard images > 0 else {
      throw BalanceError(.data, "there are no training images to measure mean and deviation of")
    }
    let count = Double(images * cache.width * cache.height)
    let means = sums.map { Double($0) / count }
    let deviations = zip(squares, means).map { square, mean in
      max(0, Double(square) / count - mean * mean).squareRoot()
    }
    return Normalization(
      mean: means.map { Float($0 / 255) },
      deviation: deviations.map { $0 > 1e-6 ? Float($0 / 255) : 1 })
  }
}
