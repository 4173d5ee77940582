/// What a bootstrap measures: the mean over seeds of the runs `runs`, less that of `references`
/// seed by seed, or by itself where `references` is nil.
struct Contrast: Hashable {
  /// Positions of the runs, one a seed, in the order of the seeds.
  var runs: [Int]
  /// Positions of the runs of the same seeds to subtract.
  var references: [Int]?

  /// The seeds that take part, which key their resampling: contrasts over the same seeds are
  /// resampled alike, so that their draws are paired.
  var seeds: [UInt64]

  /// Whether bands and classes are wanted too, or the figures over all classes alone.
  var isDetailed = true
}
