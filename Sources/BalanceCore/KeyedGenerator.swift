import Foundation

/// A counter-based generator, Philox4x32-10: the same key gives the same numbers on any machine,
/// for any number of threads, in any order of use.
///
/// Nothing in this project draws from a global generator. A draw that must be reproducible on its
/// own (the augmentation of one image, say) gets a generator keyed by what identifies it:
/// `KeyedGenerator(seed: seed, .augmentation, epoch, draw)`.
///
/// Source: Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
public struct KeyedGenerator: RandomNumberGenerator, Sendable {
  /// What the numbers are for, so that two purposes with the same indices never share numbers.
  public enum Purpose: UInt32, Sendable {
    case split = 1
    case sampling
    case augmentation
    case initialization
    case bootstrap
    case subset
    case test = 8
    case dropout
  }

  private var key: (UInt32, UInt32)
  private var counter: (UInt32, UInt32, UInt32, UInt32)
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// - Parameters:
  ///   - seed: the user's seed.
  ///   - purpose: what the numbers are for.
  ///   - first, second: what identifies the draw within its purpose (an epoch and a draw, say);
  ///     `second` is taken modulo 2³².
  public init(seed: UInt64, _ purpose: Purpose, _ first: Int = 0, _ second: Int = 0) {
    // The purpose and the high half of `first` are mixed into the key; the low words go into the
    // counter, whose first word counts blocks.
    let mixed = Self.mix(seed ^ (UInt64(purpose.rawValue) << 56) ^ 0x9E37_79B9_7F4A_7C15)
    let high = UInt64(bitPattern: Int64(first)) >> 32
    let keyed = Self.mix(mixed ^ high)
    key = (UInt32(truncatingIfNeeded: keyed), UInt32(truncatingIfNeeded: keyed >> 32))
    counter = (
      0, UInt32(truncatingIfNeeded: second), UInt32(truncatingIfNeeded: first), purpose.rawValue
    )
  }

  /// A seed for the numbers of one among several that share a user's seed and a purpose, told apart
  /// by name, and by number where a name comes more than once.
  public static func seed(_ seed: UInt64, for name: String, occurrence: Int = 0) -> UInt64 {
    // Above all bytes, so that no number continues a name.
    let end = 256 &+ UInt64(bitPattern: Int64(occurrence))
    let start = mix(seed ^ 0x9E37_79B9_7F4A_7C15)
    return mix(name.utf8.reduce(start) { mix($0 ^ UInt64($1)) } ^ end)
  }

  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(low) | UInt64(nextWord()) << 32
  }

  /// Writes the numbers that repeated calls of `next()` would return, several times as fast.
  public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt64>) {
    var at = 0
    while at < words.count, used != 4 {
      words[at] = next()
      at += 1
    }
    while at + 2 <= words.count {
      let block = Self.philox(counter, key)
      counter.0 &+= 1
      words[at] = UInt64(block.0) | UInt64(block.1) << 32
      words[at + 1] = UInt64(block.2) | UInt64(block.3) << 32
      at += 2
    }
    if at < words.count { words[at] = next() }
  }

  /// Uniform on [0, 1), with 53 bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on `0..<bound`, without bias.
  ///
  /// - Precondition: `bound > 0`.
  public mutating func below(_ bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }

  /// Standard normal, by the Box–Muller transform.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  private mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Self.philox(counter, key)
      counter.0 &+= 1
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  /// The ten rounds of Philox4x32.
  @inline(__always)
  package static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// The finaliser of SplitMix64: spreads a seed over all 64 bits.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
