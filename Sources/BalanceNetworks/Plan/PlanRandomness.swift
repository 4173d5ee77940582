import BalanceCore

/// What the random numbers of one forward pass are drawn from, and of the backward pass after it.
public struct PlanRandomness: Hashable, Sendable {
  public var seed: UInt64
  public var step: Int

  public init(seed: UInt64 = 0, step: Int = 0) {
    self.seed = seed
    self.step = step
  }
}

/// The randomness that all steps of a network's plans read.
///
/// `@unchecked Sendable`: set only while no plan runs.
final class RandomSource: @unchecked Sendable {
  var key = PlanRandomness()
}

/// The numbers that dropout multiplies with: 0 with probability `rate`, else 1 / (1 − rate). A
/// function of seed, step, layer and the image's place in the batch, whoever computes it.
struct DropoutMask {
  private let kept: Float
  /// A 32-bit word below this drops.
  private let threshold: UInt64
  private let layer: Int

  init(rate: Double, layer: Int) {
    kept = Float(1 / (1 - rate))
    threshold = UInt64((rate * 0x1p32).rounded())
    self.layer = layer
  }

  /// The factors of one image's values in the order `[H, W, C]`.
  func fill(_ factors: UnsafeMutableBufferPointer<Float>, image: Int, _ key: PlanRandomness) {
    var generator = KeyedGenerator(seed: seed(key), .dropout, image)
    var at = 0
    while at < factors.count {
      let word = generator.next()
      factors[at] = word & 0xFFFF_FFFF < threshold ? 0 : kept
      if at + 1 < factors.count { factors[at + 1] = word >> 32 < threshold ? 0 : kept }
      at += 2
    }
  }

  /// The one factor of an image.
  func factor(image: Int, _ key: PlanRandomness) -> Float {
    var generator = KeyedGenerator(seed: seed(key), .dropout, image)
    return generator.next() & 0xFFFF_FFFF < threshold ? 0 : kept
  }

  private func seed(_ key: PlanRandomness) -> UInt64 {
    var generator = KeyedGenerator(seed: key.seed, .dropout, key.step, layer)
    return generator.next()
  }
}

extension Network {
  /// The mask of a node. Layers are told apart by their distance from the end, so that a head that
  /// is trained alone draws what it would draw in the whole network.
  func dropoutMask(_ rate: Double, node: Int) -> DropoutMask {
    DropoutMask(rate: rate, layer: nodes.count - node)
  }
}
