package import BalanceCore
import CBalanceOneDNN

/// A oneDNN convolution for one direction and a fixed number of threads.
///
/// Activations are f32 or bf16, blocked (`[N, ⌈C/16⌉, H, W, 16]`), the source optionally planar
/// (`[N, C, H, W]`, for pixels). Weights pass through a layout that the primitive chose: `pack`
/// and `unpack` convert from and to f32 `[O, I/groups, K, K]`. Bias and the gradients of weights
/// and bias are f32.
package final class ConvolutionPrimitive {
  package enum Direction: Int32 {
    case forward = 0
    case backwardData = 1
    case backwardWeights = 2
  }

  package enum Algorithm: Int32, Hashable, Sendable {
    case direct = 0
    /// F(4×4, 3×3); only for dense 3×3 convolutions of stride 1 on AVX-512 with oneDNN 2.
    case winograd = 1
  }

  package enum SourceLayout: Int32, Sendable {
    case planar = 0
    case blocked = 1
  }

  /// What a forward convolution does to its result when no backward pass follows:
  /// destination = activation(W ∗ x + b + destination), the last term if `addsDestination`.
  package struct Epilogue: Hashable, Sendable {
    package enum Activation: Int32, Hashable, Sendable {
      case identity = 0
      case relu = 1
      /// min(max(x, 0), 6).
      case relu6 = 2
      /// x / (1 + e⁻ˣ).
      case silu = 3
      /// x · min(max(x + 3, 0), 6) / 6.
      case hardSwish = 4
    }

    package var addsDestination: Bool
    package var activation: Activation

    package init(addsDestination: Bool = false, activation: Activation = .identity) {
      self.addsDestination = addsDestination
      self.activation = activation
    }
  }

  private let native: OpaquePointer
  package let algorithm: Algorithm
  package let weightsBytes: Int
  package let scratchBytes: Int

  /// - Parameters:
  ///   - epilogue: nil where a backward pass may follow.
  ///   - threads: those that one execution runs on. More than one only where nothing else runs:
  ///     they come from oneDNN's own pool.
  /// - Throws: `BalanceError` when oneDNN has no such primitive on this machine.
  package init(
    _ geometry: WindowGeometry, direction: Direction, algorithm: Algorithm,
    source: SourceLayout, hasBias: Bool, type: ActivationType = .f32, epilogue: Epilogue? = nil,
    threads: Int = 1
  ) throws(BalanceError) {
    precondition(epilogue == nil || direction == .forward, "an epilogue of a backward pass")
    var native = geometry.native
    var options = odn_convolution_options(
      direction: direction.rawValue, algorithm: algorithm.rawValue,
      source_layout: source.rawValue, type: type.native, has_bias: hasBias ? 1 : 0,
      threads: Int32(threads), inference: epilogue == nil ? 0 : 1,
      adds: epilogue?.addsDestination == true ? 1 : 0,
      activation: epilogue?.activation.rawValue ?? Epilogue.Activation.identity.rawValue)
    var message = [CChar](repeating: 0, count: 200)
    let made = odn_convolution_create(&native, &options, &message, message.count)
    guard let made else {
      throw BalanceError(
        .software,
        "\(OneDNN.text(message)) (\(geometry), \(direction), \(algorithm), \(type))",
        remedy: "choose another model or image size")
    }
    self.native = made
    self.algorithm = algorithm
    weightsBytes = odn_convolution_weights_bytes(made)
    scratchBytes = odn_convolution_scratch_bytes(made)
  }

  deinit { odn_convolution_destroy(native) }

  package func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutableRawPointer) {
    check(odn_convolution_pack(native, weights, packed))
  }

  package func unpack(_ packed: UnsafeRawPointer, into weights: UnsafeMutablePointer<Float>) {
    check(odn_convolution_unpack(native, packed, weights))
  }

  /// Forward reads `source`, `packed`, `bias` and writes `destination`; backward over data reads
  /// `destination` and `packed` and writes `source`; backward over weights reads `source` and
  /// `destination` and writes `packed` and `bias`.
  package func execute(
    source: UnsafeMutableRawPointer, packed: UnsafeMutableRawPointer,
    bias: UnsafeMutableRawPointer?, destination: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer?
  ) {
    check(odn_convolution_execute(native, source, packed, bias, destination, scratch))
  }

  private func check(_ status: Int32) {
    // A primitive that was created runs; failure means that this program passed wrong memory.
    precondition(status == 0, "oneDNN could not run a convolution")
  }
}
