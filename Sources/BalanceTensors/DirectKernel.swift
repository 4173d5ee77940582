import CBalanceKernels

/// A convolution by own kernels that need nothing but packed weights, on the calling thread:
///
///     y = f(W ∗ x + b + residual)
///
/// For machines where `Machine.supportsOwnKernels`.
package protocol DirectKernel: SendableMetatype {
  /// How maps of x are laid out.
  static var source: ConvolutionPrimitive.SourceLayout { get }
  /// Whether there are kernels for such windows.
  static func fits(_ geometry: WindowGeometry) -> Bool
  /// - Parameter avx512: whether to compute f32 by AVX-512, else by AVX2. bf16 needs a machine
  ///   where `Machine.supportsBF16`.
  /// - Precondition: `fits(geometry)`.
  init(_ geometry: WindowGeometry, avx512: Bool)
  /// Floats of packed weights.
  var weightsCount: Int { get }
  var scratchBytes: Int { get }
  /// Packs weights `[O, I/groups, K, K]`.
  func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>)
  /// Computes a part of y. x and y are stored as `type`; a residual may be y.
  func forward(
    _ part: KernelPart, _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>,
    _ epilogue: KernelEpilogue, into y: UnsafeMutableRawPointer, type: ActivationType,
    scratch: UnsafeMutableRawPointer)
}

extension DirectKernel {
  /// By the widest instructions of this machine.
  package init(_ geometry: WindowGeometry) {
    self.init(geometry, avx512: Machine.supportsAVX512)
  }
}

/// What own convolutions do to their sums: f(sum + bias + residual).
package struct KernelEpilogue {
  var native: ck_epilogue

  /// - Parameters:
  ///   - bias: padded with zeros to blocks of 16 channels; nil is 0.
  ///   - residual: stored as the output; nil is 0.
  package init(
    bias: UnsafePointer<Float>? = nil, residual: UnsafeRawPointer? = nil,
    activation: ConvolutionPrimitive.Epilogue.Activation = .identity
  ) {
    native = ck_epilogue(bias: bias, residual: residual, activation: activation.kernel.native)
  }
}

extension ConvolutionPrimitive.Epilogue.Activation {
  /// As own kernels compute it; nil for the identity.
  package var kernel: ActivationKernels.Kind? {
    switch self {
    case .identity: nil
    case .relu: .relu
    case .relu6: .relu6
    case .silu: .silu
    case .hardSwish: .hardSwish
    }
  }
}
