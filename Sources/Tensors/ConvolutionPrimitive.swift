package import BalanceCore
import COneDNN

/// A oneDNN convolution for one direction and one thread.
///
/// Activations are f32, blocked (`[N, ⌈C/16⌉, H, W, 16]`), the source optionally planar
/// (`[N, C, H, W]`, for pixels). Weights pass through a layout that the primitive chose: `pack`
/// and `unpack` convert from and to `[O, I/groups, K, K]`.
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

  private let native: OpaquePointer
  package let weightsBytes: Int
  package let scratchBytes: Int

  /// - Throws: `BalanceError` when oneDNN has no such primitive on this machine.
  package init(
    _ geometry: WindowGeometry, direction: Direction, algorithm: Algorithm,
    source: SourceLayout, hasBias: Bool
  ) throws(BalanceError) {
    var native = geometry.native
    var message = [CChar](repeating: 0, count: 200)
    let made = odn_convolution_create(
      &native, direction.rawValue, algorithm.rawValue, source.rawValue, hasBias ? 1 : 0, &message,
      message.count)
    guard let made else {
      throw BalanceError(
        .software,
        "\(OneDNN.text(message)) (\(geometry), \(direction), \(algorithm))",
        remedy: "choose another model or image size")
    }
    self.native = made
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
