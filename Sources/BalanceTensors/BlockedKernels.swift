import CBalanceKernels

/// Loops over blocked activations `[images, blocks, height, width, 16]` on the calling thread; the
/// C header has their equations. Pointers without a type of value are stored as `type`.
package struct BlockedKernels {
  private var extent: ck_extent
  private let type: ActivationType
  private var bf16: Int32 { type.flag }

  package init(images: Int, channels: Int, height: Int, width: Int, type: ActivationType) {
    extent = ck_extent(
      images: images, blocks: Self.blocks(channels), height: height, width: width)
    self.type = type
  }

  /// Channels are stored in blocks of 16, the last padded with zeros.
  package static func blocks(_ channels: Int) -> Int { (channels + 15) / 16 }

  /// Adds Σ y and Σ y² to `sums`, which are `[2, blocks × 16]`.
  package func channelSums(_ y: UnsafeRawPointer, into sums: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extent) { ck_channel_sums(y, $0, sums, bf16) }
  }

  /// f(y·scale + shift + residual), each part optional, to `out` and, within a border of zeros, to
  /// `padded`; either may be nil.
  ///
  /// - Parameter activation: f; one with f(0) = 0, nil for the identity.
  package func scaleShift(
    _ y: UnsafeRawPointer, scale: UnsafePointer<Float>? = nil,
    shift: UnsafePointer<Float>? = nil, residual: UnsafeRawPointer? = nil,
    activation: ActivationKernels.Kind? = nil, into out: UnsafeMutableRawPointer?,
    padded: UnsafeMutablePointer<Float>? = nil
  ) {
    withUnsafePointer(to: extent) {
      ck_scale_shift($0, y, scale, shift, residual, activation.native, out, padded, bf16)
    }
  }

  /// How much of a gradient an activation f passes.
  package enum Mask {
    /// All of it.
    case everywhere
    /// All where ReLU's output, this, is positive, and nothing elsewhere.
    case output(UnsafeRawPointer)
    /// f'(y·scale + shift + residual), where no residual is 0.
    case input(
      ActivationKernels.Kind, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
      residual: UnsafeRawPointer?)
  }

  /// What batch norm's backward pass needs besides h: y, its mean, and room for sums.
  package struct Moments {
    let y: UnsafeRawPointer
    let mean: UnsafePointer<Float>
    let sums: UnsafeMutablePointer<Double>

    package init(
      y: UnsafeRawPointer, mean: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>
    ) {
      self.y = y
      self.mean = mean
      self.sums = sums
    }
  }

  /// h = (first + second) · mask; with `moments`, adds Σ h and Σ h·(y − mean) to its sums.
  ///
  /// - Precondition: a mask by input has moments.
  package func maskedGradient(
    _ first: UnsafeRawPointer, of firstType: ActivationType, _ second: UnsafeRawPointer?,
    mask: Mask, moments: Moments?, into h: UnsafeMutableRawPointer
  ) {
    func run(_ mask: UnsafePointer<ck_gradient_mask>?) {
      withUnsafePointer(to: extent) {
        ck_masked_gradient(
          $0, first, firstType.flag, second, mask, moments?.y, moments?.mean, h,
          moments?.sums, bf16)
      }
    }
    switch mask {
    case .everywhere: run(nil)
    case .output(let output):
      var native = ck_gradient_mask(
        output: output, scale: nil, shift: nil, residual: nil, activation: -1)
      run(&native)
    case .input(let activation, let scale, let shift, let residual):
      precondition(moments != nil, "a mask by input reads the moments' y")
      var native = ck_gradient_mask(
        output: nil, scale: scale, shift: shift, residual: residual,
        activation: activation.rawValue)
      run(&native)
    }
  }

  /// a·h + b·(y − mean) + d per channel, to `dy` or, within a border of zeros, to `padded`.
  package func normalizationGradient(
    _ h: UnsafeRawPointer, y: UnsafeRawPointer, mean: UnsafePointer<Float>,
    a: UnsafePointer<Float>, b: UnsafePointer<Float>, d: UnsafePointer<Float>,
    into dy: UnsafeMutableRawPointer?, padded: UnsafeMutablePointer<Float>? = nil
  ) {
    withUnsafePointer(to: extent) {
      ck_normalization_gradient($0, h, y, mean, a, b, d, dy, padded, bf16)
    }
  }

  /// total += part, for `count` values, a multiple of 16.
  package static func add(
    _ part: UnsafeRawPointer, to total: UnsafeMutableRawPointer, count: Int, type: ActivationType
  ) {
    ck_add(total, part, count, type.flag)
  }
}
