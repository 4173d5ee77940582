/// One image to be shown to the network.
public struct Draw: Codable, Hashable, Sendable {
  /// Position in the list of images that was planned for.
  public var image: Int32
  /// How many times the image was drawn before in the same pass: 0 for the first time.
  public var copy: Int32

  public init(image: Int32, copy: Int32) {
    self.image = image
    self.copy = copy
  }
}

/// How many draws an epoch has.
public enum PlanLength: Codable, Hashable, Sendable {
  /// One pass of the strategy, `PassRule.length`: N draws for `none` and `weighted`, K'·n_min for
  /// `undersample`, K'·n_max for `oversample`, with K' classes that have images.
  case natural
  /// Exactly this many, whatever the strategy, so that strategies can be compared at equal steps:
  /// the passes, each freshly drawn, follow one another in one stream, and epoch e is draws
  /// `[e·n, (e+1)·n)` of it.
  case draws(Int)
}

/// The order of one epoch: which images are drawn, and which repeat of each.
///
/// A pure function of the strategy, the labels, the seed, the epoch and the length: the same on any
/// machine, for any number of threads. A host of several takes its slice of `draws`.
public struct EpochPlan: Hashable, Sendable {
  public let draws: [Draw]
  public let strategy: SamplingStrategy
  /// What each pass of the epoch draws.
  public let rule: PassRule
  public let seed: UInt64
  public let epoch: Int

  public init(
    draws: [Draw], strategy: SamplingStrategy, rule: PassRule, seed: UInt64, epoch: Int
  ) {
    self.draws = draws
    self.strategy = strategy
    self.rule = rule
    self.seed = seed
    self.epoch = epoch
  }
}
