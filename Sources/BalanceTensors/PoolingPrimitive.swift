package import BalanceCore
import CBalanceOneDNN

/// A oneDNN pooling in blocked layout for one direction and a fixed number of threads.
package final class PoolingPrimitive {
  package enum Kind: Int32, Sendable {
    case maximum = 0
    /// Padding counts in the divisor, as in PyTorch's default.
    case averageIncludingPadding = 1
  }

  private let native: OpaquePointer
  /// Where max pooling remembers the winners, from forward to backward.
  package let workspaceBytes: Int

  /// - Throws: `BalanceError` when oneDNN has no such primitive on this machine.
  package init(
    _ geometry: WindowGeometry, direction: ConvolutionPrimitive.Direction, kind: Kind,
    type: ActivationType = .f32, threads: Int = 1
  ) throws(BalanceError) {
    var native = geometry.native
    var message = [CChar](repeating: 0, count: 200)
    let made = odn_pooling_create(
      &native, direction.rawValue, kind.rawValue, type.native, Int32(threads),
      &message, message.count)
    guard let made else {
      throw BalanceError(
        .software, "\(OneDNN.text(message)) (\(geometry), \(direction), \(kind), \(type))",
        remedy: "choose another model or image size")
    }
    self.native = made
    workspaceBytes = odn_pooling_workspace_bytes(made)
  }

  deinit { odn_pooling_destroy(native) }

  /// Forward reads `source` and writes `destination`; backward the other way, with gradients.
  package func execute(
    source: UnsafeMutableRawPointer, destination: UnsafeMutableRawPointer,
    workspace: UnsafeMutableRawPointer?
  ) {
    let status = odn_pooling_execute(native, source, destination, workspace)
    precondition(status == 0, "oneDNN could not run a pooling")
  }
}
