import CBalanceImageCodecs

/// The weights that turn an axis of `input` positions into one of `output`.
///
/// Output i looks at the input around (i + ½) s − ½, s = input / output, through the triangle
/// w(d) = max(0, 1 − |d| / max(s, 1)), normalised to Σ w = 1: linear interpolation where the image
/// grows, and an average over all that falls together where it shrinks.
struct ResampleFilter {
  private var first: [Int32] = []
  private var count: [Int32] = []
  private var weights: [Int32] = []
  private var taps = 0

  init(input: Int, output: Int) {
    let scale = Double(input) / Double(output)
    let support = max(scale, 1)
    taps = 2 * Int(support.rounded(.up)) + 1
    first.reserveCapacity(output)
    count.reserveCapacity(output)
    weights = [Int32](repeating: 0, count: output * taps)
    var values = [Double](repeating: 0, count: taps)
    for position in 0..<output {
      let center = (Double(position) + 0.5) * scale
      let low = max(0, Int(center - support + 0.5))
      let high = min(input, Int(center + support + 0.5))
      var total = 0.0
      for index in low..<high {
        let distance = abs((Double(index) + 0.5 - center) / support)
        values[index - low] = max(0, 1 - distance)
        total += values[index - low]
      }
      for index in 0..<high - low {
        // 22 bits behind the point: 255 times a sum of one, and the half, stay below 2^31.
        weights[position * taps + index] = Int32((values[index] / total * 0x1p22).rounded())
      }
      first.append(Int32(low))
      count.append(Int32(high - low))
    }
  }

  func withFilter<R>(_ body: (pixel_filter) -> R) -> R {
    first.withUnsafeBufferPointer { first in
      count.withUnsafeBufferPointer { count in
        weights.withUnsafeBufferPointer { weights in
          body(
            pixel_filter(
              first: first.baseAddress, count: count.baseAddress, weights: weights.baseAddress,
              taps: taps))
        }
      }
    }
  }
}
