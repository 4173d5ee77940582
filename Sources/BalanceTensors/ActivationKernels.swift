import CBalanceKernels

/// Functions of single values stored as `type`, on the calling thread; the C header has the
/// conditions.
package enum ActivationKernels {
  package enum Kind: Int32, Sendable {
    case relu = 0
    case relu6
    case silu
    case hardSwish
    case sigmoid
    case hardSigmoid
  }

  /// y = f(x), on `count` values rounded up to a multiple of 16.
  package static func forward(
    _ kind: Kind, _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, count: Int,
    type: ActivationType
  ) { ck_activation(kind.rawValue, x, y, count, type.flag) }

  /// dx = dy f′(x).
  package static func gradient(
    _ kind: Kind, _ x: UnsafeRawPointer, dy: UnsafeRawPointer, into dx: UnsafeMutableRawPointer,
    count: Int, type: ActivationType
  ) { ck_activation_gradient(kind.rawValue, x, dy, dx, count, type.flag) }

  /// y = x · factors value by value, or x · factor without them.
  package static func multiply(
    _ x: UnsafeRawPointer, by factors: UnsafePointer<Float>? = nil, factor: Float = 1,
    into y: UnsafeMutableRawPointer, count: Int, type: ActivationType
  ) { ck_multiply(x, factors, factor, y, count, type.flag) }
}

extension ActivationKernels.Kind? {
  /// As C counts kinds; the identity is none.
  var native: Int32 { self?.rawValue ?? -1 }
}

/// Work on the channels of blocked maps of one height and width, on the calling thread. Maps are
/// stored as `type`, rows and sums are f32.
package struct ChannelKernels {
  package let images: Int
  /// Height × width.
  package let plane: Int
  package let type: ActivationType

  package init(images: Int, plane: Int, type: ActivationType) {
    self.images = images
    self.plane = plane
    self.type = type
  }

  /// Copies `count` channels from channel `start` of a map to channel `position` of another.
  package func copy(
    _ from: UnsafeRawPointer, channels: Int, at start: Int, to: UnsafeMutableRawPointer,
    toChannels: Int, at position: Int, count: Int
  ) {
    ck_copy_channels(
      from, channels, start, to, toChannels, position, count, images, plane, type.flag)
  }

  /// Sets the lanes past the last channel to zero.
  package func clearPadding(_ x: UnsafeMutableRawPointer, channels: Int) {
    ck_clear_padding(x, images, channels, plane, type.flag)
  }

  /// out[c] = Σ x over images and plane.
  package func sum(
    _ x: UnsafeRawPointer, into out: UnsafeMutablePointer<Float>, channels: Int
  ) { ck_sum_channels(x, out, images, channels, plane, type.flag) }

  /// y[n, c] = x[n, c] · rows[n, c].
  package func scale(
    _ x: UnsafeRawPointer, by rows: UnsafePointer<Float>, into y: UnsafeMutableRawPointer,
    channels: Int
  ) { ck_scale_channels(x, rows, y, images, channels, plane, type.flag) }

  /// dx = dy · rows, drows = Σ dy · x over the plane.
  package func scaleGradient(
    _ x: UnsafeRawPointer, by rows: UnsafePointer<Float>, dy: UnsafeRawPointer,
    into dx: UnsafeMutableRawPointer, rowsGradient: UnsafeMutablePointer<Float>, channels: Int
  ) {
    ck_scale_channels_gradient(x, rows, dy, dx, rowsGradient, images, channels, plane, type.flag)
  }
}
