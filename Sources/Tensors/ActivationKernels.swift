import CKernels

/// Functions of single values, on the calling thread; the C header has the conditions.
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
    _ kind: Kind, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { ck_activation(kind.rawValue, x, y, count, 0) }

  /// dx = dy f′(x).
  package static func gradient(
    _ kind: Kind, _ x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, count: Int
  ) { ck_activation_gradient(kind.rawValue, x, dy, dx, count, 0) }

  /// y = x · factors value by value, or x · factor without them.
  package static func multiply(
    _ x: UnsafePointer<Float>, by factors: UnsafePointer<Float>? = nil, factor: Float = 1,
    into y: UnsafeMutablePointer<Float>, count: Int
  ) { ck_multiply(x, factors, factor, y, count, 0) }
}

/// Work on the channels of blocked maps of one height and width, on the calling thread.
package struct ChannelKernels {
  package let images: Int
  /// Height × width.
  package let plane: Int

  package init(images: Int, plane: Int) {
    self.images = images
    self.plane = plane
  }

  /// Copies `count` channels from channel `start` of a map to channel `position` of another.
  package func copy(
    _ from: UnsafePointer<Float>, channels: Int, at start: Int,
    to: UnsafeMutablePointer<Float>, toChannels: Int, at position: Int, count: Int
  ) {
    ck_copy_channels(from, channels, start, to, toChannels, position, count, images, plane, 0)
  }

  /// Sets the lanes past the last channel to zero.
  package func clearPadding(_ x: UnsafeMutablePointer<Float>, channels: Int) {
    ck_clear_padding(x, images, channels, plane, 0)
  }

  /// out[c] = Σ x over images and plane.
  package func sum(
    _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, channels: Int
  ) { ck_sum_channels(x, out, images, channels, plane, 0) }

  /// y[n, c] = x[n, c] · rows[n, c].
  package func scale(
    _ x: UnsafePointer<Float>, by rows: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, channels: Int
  ) { ck_scale_channels(x, rows, y, images, channels, plane, 0) }

  /// dx = dy · rows, drows = Σ dy · x over the plane.
  package func scaleGradient(
    _ x: UnsafePointer<Float>, by rows: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, rowsGradient: UnsafeMutablePointer<Float>, channels: Int
  ) {
    ck_scale_channels_gradient(x, rows, dy, dx, rowsGradient, images, channels, plane, 0)
  }
}
