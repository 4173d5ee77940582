import BalanceCore
import BalanceTensors
import Testing

/// A convolution's sizes with random operands and what a naive loop makes of them. A new shape
/// gets all of its tests from a line here.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let window: WindowGeometry
  let layout: ConvolutionPrimitive.SourceLayout

  private init(
    _ name: String, _ images: Int, _ channels: ClosedRange<Int>, _ height: Int, _ width: Int,
    kernel: Int = 3, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    padding: WindowPadding? = nil, planar: Bool = false,
    narrows: Bool = false
  ) {
    testDescription = name
    let (a, b) = (channels.lowerBound, channels.upperBound)
    window = WindowGeometry(
      images: images, inChannels: narrows ? b : a, inHeight: height, inWidth: width,
      outChannels: narrows ? a : b, kernel: kernel, stride: stride,
      padding: padding ?? .around(dilation * (kernel - 1) / 2), dilation: dilation, groups: groups)
    layout = planar ? .planar : .blocked
  }

  static let all = [
    ConvolutionCase("3x3 of planar pixels", 2, 3...16, 9, 8, planar: true),
    ConvolutionCase(
      "7x7 of planar pixels, stride 2", 1, 3...32, 15, 16, kernel: 7, stride: 2, planar: true),
    ConvolutionCase("3x3", 3, 16...32, 8, 7),
    ConvolutionCase("3x3, channels no multiple of 16", 2, 20...24, 6, 6),
    ConvolutionCase("3x3 of many pixels, three blocks", 3, 20...40, 23, 18),
    ConvolutionCase("3x3, stride 2", 2, 16...32, 9, 8, stride: 2),
    ConvolutionCase("3x3, dilation 2", 2, 16...16, 9, 9, dilation: 2),
    ConvolutionCase("1x1", 2, 24...96, 5, 5, kernel: 1),
    ConvolutionCase("1x1 to fewer channels", 2, 24...96, 5, 5, kernel: 1, narrows: true),
    ConvolutionCase("1x1, stride 2", 2, 16...32, 7, 8, kernel: 1, stride: 2),
    ConvolutionCase("1x1 of many channels to many blocks", 3, 150...600, 5, 7, kernel: 1),
    ConvolutionCase("1x1 of many pixels to one block", 2, 10...16, 33, 31, kernel: 1),
    ConvolutionCase("depthwise 3x3", 2, 32...32, 7, 7, groups: 32),
    ConvolutionCase("depthwise 3x3, stride 2", 2, 32...32, 8, 7, stride: 2, groups: 32),
    ConvolutionCase("depthwise 3x3 of one pixel", 2, 20...20, 1, 1, groups: 20),
    ConvolutionCase(
      "depthwise 5x5, stride 2", 1, 16...16, 17, 19, kernel: 5, stride: 2, groups: 16),
    ConvolutionCase(
      "depthwise 5x5, channels no multiple of 16", 2, 20...20, 8, 8, kernel: 5, groups: 20),
    ConvolutionCase(
      "depthwise 5x5, stride 2, padding behind", 2, 24...24, 8, 10, kernel: 5, stride: 2,
      groups: 24, padding: .same),
    ConvolutionCase("3x3, stride 2, padding behind", 2, 16...32, 8, 8, stride: 2, padding: .same),
    ConvolutionCase(
      "3x3 of planar pixels, stride 2, padding behind", 2, 3...32, 10, 8, stride: 2,
      padding: .same, planar: true),
    ConvolutionCase(
      "3x3, stride 2, padding of an even and an odd side", 2, 16...32, 8, 9, stride: 2,
      padding: .same),
    ConvolutionCase("two groups of 16", 2, 32...64, 6, 6, groups: 2),
  ]

  var sourceSizes: [Int] { [window.images, window.inChannels, window.inHeight, window.inWidth] }
  var destinationSizes: [Int] {
    [window.images, window.outChannels, window.outHeight, window.outWidth]
  }
  var weightsCount: Int {
    window.outChannels * (window.inChannels / window.groups) * window.kernel * window.kernel
  }

  /// Numbers that both storages hold exactly, so that only a primitive's own rounding is seen.
  static func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var generator = KeyedGenerator(seed: seed, .test)
    return (0..<count).map { _ in BFloat16.rounded(generator.normal()) }
  }

  /// Calls `body` for every product of the convolution with the indices of source, weight and
  /// destination.
  private func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let w = window
    let (inGroup, outGroup) = (w.inChannels / w.groups, w.outChannels / w.groups)
    for n in 0..<w.images {
      for o in 0..<w.outChannels {
        for y in 0..<w.outHeight {
          for x in 0..<w.outWidth {
            let destination = ((n * w.outChannels + o) * w.outHeight + y) * w.outWidth + x
            for i in 0..<inGroup {
              for ky in 0..<w.kernel {
                let sy = y * w.stride - w.paddingTop + ky * w.dilation
                guard (0..<w.inHeight).contains(sy) else { continue }
                for kx in 0..<w.kernel {
                  let sx = x * w.stride - w.paddingLeft + kx * w.dilation
                  guard (0..<w.inWidth).contains(sx) else { continue }
                  let channel = o / outGroup * inGroup + i
                  let source = ((n * w.inChannels + channel) * w.inHeight + sy) * w.inWidth + sx
                  let weight = ((o * inGroup + i) * w.kernel + ky) * w.kernel + kx
                  body(source, weight, destination)
                }
              }
            }
          }
        }
      }
    }
  }

  func forward(_ source: [Double], _ weights: [Double], _ bias: [Double]) -> [Double] {
    let plane = window.outHeight * window.outWidth
    var out = (0..<destinationSizes.reduce(1, *)).map { bias[$0 / plane % bias.count] }
    forEachProduct { out[$2] += source[$0] * weights[$1] }
    return out
  }

  func sourceGradient(_ gradient: [Double], _ weights: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: sourceSizes.reduce(1, *))
    forEachProduct { out[$0] += gradient[$2] * weights[$1] }
    return out
  }

  func weightsGradient(_ source: [Double], _ gradient: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: weightsCount)
    forEachProduct { out[$1] += source[$0] * gradient[$2] }
    return out
  }

  func biasGradient(_ gradient: [Double]) -> [Double] {
    let plane = window.outHeight * window.outWidth
    var out = [Double](repeating: 0, count: window.outChannels)
    for (i, g) in gradient.enumerated() { out[i / plane % out.count] += g }
    return out
  }
}
