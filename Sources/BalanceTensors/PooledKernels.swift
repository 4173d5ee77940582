import CBalanceKernels

/// Batch norm, ReLU and maximum over 2×2 windows as one layer, on the calling thread; the C header
/// has the equations. Maps are stored as `type`.
package struct PooledKernels {
  private var extent: ck_extent
  private let relu: Int32
  private let type: ActivationType
  private let scale: UnsafePointer<Float>?
  private let shift: UnsafePointer<Float>?

  /// - Parameters: the shape of y, and what is done to it before the maximum.
  package init(
    images: Int, channels: Int, height: Int, width: Int, type: ActivationType,
    scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, relu: Bool
  ) {
    extent = ck_extent(
      images: images, blocks: BlockedKernels.blocks(channels), height: height, width: width)
    self.type = type
    self.scale = scale
    self.shift = shift
    self.relu = relu ? 1 : 0
  }

  package func forward(_ y: UnsafeRawPointer, into out: UnsafeMutableRawPointer) {
    withUnsafePointer(to: extent) {
      ck_pooled_scale_shift($0, y, scale, shift, relu, out, type.flag)
    }
  }

  /// Adds Σ h and Σ h·(y − mean) to `moments`.
  package func gradientSums(_ dout: UnsafeRawPointer, _ moments: BlockedKernels.Moments) {
    withUnsafePointer(to: extent) {
      ck_pooled_gradient_sums(
        $0, dout, moments.y, scale, shift, relu, moments.mean, moments.sums, type.flag)
    }
  }

  /// dy = a·h + b·(y − mean) + d; all nil for dy = h.
  package struct Factors {
    let native: ck_normalization

    package init(
      a: UnsafePointer<Float>? = nil, b: UnsafePointer<Float>? = nil,
      d: UnsafePointer<Float>? = nil, mean: UnsafePointer<Float>? = nil
    ) {
      native = ck_normalization(a: a, b: b, d: d, mean: mean)
    }
  }

  /// To `dy` or, within a border of zeros, to `padded`.
  package func gradient(
    _ dout: UnsafeRawPointer, y: UnsafeRawPointer, _ factors: Factors,
    into dy: UnsafeMutableRawPointer?, padded: UnsafeMutablePointer<Float>?
  ) {
    var native = factors.native
    withUnsafePointer(to: extent) {
      ck_pooled_gradient($0, dout, y, scale, shift, relu, &native, dy, padded, type.flag)
    }
  }
}
