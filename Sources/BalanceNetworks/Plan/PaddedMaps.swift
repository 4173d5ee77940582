import BalanceCore
import BalanceTensors

/// Feature maps of a few images within borders of zeros, which own convolutions read, one of each
/// kind a thread. Writers fill the middle only, so the borders stay zero; for that reason they lie
/// outside the arenas that plans share.
///
/// `@unchecked Sendable`: as `ThreadArenas`.
final class PaddedMaps: @unchecked Sendable {
  /// The maps that a layer holds at one time.
  enum Role: Int { case input, outputGradient }

  struct Kind: Hashable {
    let shape: ImageShape
    let role: Role

    /// Channels are padded to blocks, so shapes that differ there alone share a map.
    init(_ shape: ImageShape, _ role: Role) {
      self.shape = ImageShape(
        height: shape.height, width: shape.width,
        channels: BlockedKernels.blocks(shape.channels) * 16)
      self.role = role
    }

    var floats: Int {
      WinogradConvolution.paddedCount(
        channels: shape.channels, height: shape.height, width: shape.width)
    }
  }

  private let threads: Int
  private var images: [Kind: Int] = [:]
  private var offsets: [Kind: Int] = [:]
  private var memory: [AlignedMemory] = []

  init(threads: Int) { self.threads = threads }

  /// Makes room for so many images of a kind; before `place`.
  func require(_ kind: Kind, images count: Int) { images[kind] = max(images[kind] ?? 0, count) }

  func place() throws(BalanceError) {
    var floats = 0
    for (kind, count) in images.sorted(by: { $0.key.order < $1.key.order }) {
      offsets[kind] = floats * 4
      // Odd lines between maps keep them out of one cache set.
      floats += (kind.floats * count + 15) / 16 * 16 + 80
    }
    if floats == 0 { return }
    for _ in 0..<threads { memory.append(try AlignedMemory(bytes: floats * 4)) }
  }

  func pointer(_ kind: Kind, _ thread: Int) -> UnsafeMutablePointer<Float> {
    memory[thread].pointer(at: offsets[kind] ?? 0, as: Float.self)
  }
}

extension PaddedMaps.Kind {
  fileprivate var order: [Int] { [shape.height, shape.width, shape.channels, role.rawValue] }
}

private func < (a: [Int], b: [Int]) -> Bool { a.lexicographicallyPrecedes(b) }
