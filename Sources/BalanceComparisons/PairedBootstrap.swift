import BalanceCore

/// A bootstrap over seeds and test images, the same draws for every run, so that differences
/// between runs are paired.
///
/// One draw resamples, with replacement, the images (or groups) within each class and the seeds
/// of each contrast, and scores every run from weighted counts. Draw b is keyed by (seed, b):
/// the result is the same for any number of threads.
///
/// - Complexity: draws × (images + runs × (patterns + classes)).
struct PairedBootstrap {
  let patterns: AnswerPatterns
  let units: ResamplingUnits
  let priors: [Double]
  let classCount: Int
  let bands: [[Int]]
  let options: ComparisonOptions

  init(_ set: TestSet, priors: [Double], bands: [[Int]], options: ComparisonOptions) {
    patterns = AnswerPatterns(truth: set.truth, predicted: set.predicted)
    units = ResamplingUnits(truth: set.truth, groups: set.groups, classCount: set.classCount)
    self.priors = priors
    self.bands = bands
    self.options = options
    classCount = set.classCount
  }

  /// The draws of every quantity of every contrast.
  func run(_ contrasts: [Contrast], threads: Int) -> BootstrapDraws {
    let layout = BootstrapLayout(bands: bands.count, classes: classCount)
    let draws = options.draws
    var offsets = [0]
    for contrast in contrasts {
      offsets.append(offsets[offsets.count - 1] + layout.count(of: contrast))
    }
    let starts = offsets
    let storage = DrawStorage(count: starts[contrasts.count] * draws)
    // Contrasts over the same seeds share the resampled seeds.
    var seedSets: [[UInt64]] = []
    let setOf = contrasts.map { contrast in
      if let known = seedSets.firstIndex(of: contrast.seeds) { return known }
      seedSets.append(contrast.seeds)
      return seedSets.count - 1
    }
    let sizes = seedSets.map(\.count)
    let chunks = min(draws, 64)
    Parallel.forEach(chunks, threads: threads) { chunk in
      var scratch = BootstrapScratch(self, layout: layout)
      for draw in draws * chunk / chunks..<draws * (chunk + 1) / chunks {
        scratch.resample(self, draw: draw)
        let multiplicities = sizes.enumerated().map { index, size in
          Self.seedMultiplicities(size, seed: options.seed, draw: draw, set: index)
        }
        for (index, contrast) in contrasts.enumerated() {
          let base = starts[index]
          scratch.difference(contrast, multiplicities[setOf[index]]) { quantity, value in
            storage.values[(base + quantity) * draws + draw] = Float(value)
          }
        }
      }
    }
    return BootstrapDraws(
      layout: layout, starts: starts, draws: draws, storage: storage, options: options)
  }

  /// How often each of `count` seeds is drawn. One seed is taken as it is: its variation cannot be
  /// resampled.
  private static func seedMultiplicities(_ count: Int, seed: UInt64, draw: Int, set: Int)
    -> [Double]
  {
    guard count > 1 else { return [Double](repeating: 1, count: count) }
    var generator = KeyedGenerator(seed: seed, .bootstrap, draw, 1 + set)
    var times = [Double](repeating: 0, count: count)
    for _ in 0..<count { times[generator.below(count)] += 1 }
    return times
  }
}

/// Memory that the threads of a bootstrap write to, each to places of its own.
final class DrawStorage: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }
}
