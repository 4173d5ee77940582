public import BalanceCore
import BalanceImages
import Foundation

/// The image turned about its centre by θ, uniform over −D...D degrees, counter-clockwise where it
/// is positive: `t[y, x] = s(c_y + u sin θ + v cos θ, c_x + u cos θ − v sin θ)`, u = x − c_x,
/// v = y − c_y, with the centre c_y = (H − 1) / 2, c_x = (W − 1) / 2.
///
/// Between pixels s is bilinear, and outside the image 0, which is black before normalisation; so
/// the image's edge fades over one pixel. Values are rounded to the nearest.
///
/// Source: `RandomRotation(D, InterpolationMode.BILINEAR)` of torchvision.
public struct Rotation: PixelStage {
  public static let form = SpelledForm(
    "rotate", "turned by up to DEGREES either way, black outside",
    .number("DEGREES", .above(0, to: 180), example: "15"),
    make: { Rotation(degrees: $0) }, take: { $0.degrees })

  /// D.
  public let degrees: Double

  /// - Precondition: D is above 0 and at most 180.
  public init(degrees: Double) {
    precondition(degrees > 0 && degrees <= 180, "a rotation by up to \(degrees) degrees")
    self.degrees = degrees
  }

  public func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    Self.turn(source, by: angle(&generator), into: target)
  }

  /// θ, in degrees.
  package func angle(_ generator: inout KeyedGenerator) -> Double {
    (2 * generator.uniform() - 1) * degrees
  }

  /// Turns an image by θ degrees.
  package static func turn(
    _ source: PixelView, by angle: Double, into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let pixels = source.pixels.baseAddress, let target = target.baseAddress else { return }
    let radians = angle * .pi / 180
    PixelKernels.rotate(
      pixels, height: source.shape.height, width: source.shape.width,
      channels: source.shape.channels, cosine: cos(radians), sine: sin(radians), into: target)
  }
}
