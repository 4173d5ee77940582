import BalanceCore

/// Which quantity of a contrast is where.
struct BootstrapLayout {
  let bands: Int
  let classes: Int

  var accuracy: Int { 0 }
  var macroF1: Int { 1 }
  var priorWeightedAccuracy: Int { 2 }
  func band(_ index: Int) -> Int { 3 + index }
  func f1(_ index: Int) -> Int { 3 + bands + index }
  func recall(_ index: Int) -> Int { 3 + bands + classes + index }
  var count: Int { 3 + bands + 2 * classes }

  /// How many quantities a contrast stores: all, or the first three.
  func count(of contrast: Contrast) -> Int { contrast.isDetailed ? count : 3 }
}

/// One thread's working memory: image weights, counts, and the scores of every run in a draw.
struct BootstrapScratch {
  private let layout: BootstrapLayout
  private var weights: [Int32]
  private var support: [Int32]
  private var truePositives: [Int32]
  private var predictedCounts: [Int32]
  /// `[runs, layout.count]`
  private var scores: [Double]
  private var sums: [Double]

  init(_ bootstrap: PairedBootstrap, layout: BootstrapLayout) {
    self.layout = layout
    weights = [Int32](repeating: 0, count: bootstrap.patterns.truth.count)
    support = [Int32](repeating: 0, count: bootstrap.classCount)
    truePositives = support
    predictedCounts = support
    scores = [Double](
      repeating: 0, count: bootstrap.patterns.predicted.count * layout.count)
    sums = [Double](repeating: 0, count: layout.count)
  }

  /// Draws the images of draw `draw` and scores every run on them.
  mutating func resample(_ bootstrap: PairedBootstrap, draw: Int) {
    var generator = KeyedGenerator(seed: bootstrap.options.seed, .bootstrap, draw, 0)
    let units = bootstrap.units
    for index in weights.indices { weights[index] = 0 }
    for stratum in units.strata {
      for _ in stratum {
        let unit = stratum.lowerBound + generator.below(stratum.count)
        for position in units.starts[unit]..<units.starts[unit + 1] {
          weights[Int(bootstrap.patterns.ofImage[Int(units.members[position])])] += 1
        }
      }
    }
    for index in support.indices { support[index] = 0 }
    for (pattern, truth) in bootstrap.patterns.truth.enumerated() {
      support[Int(truth)] += weights[pattern]
    }
    for run in bootstrap.patterns.predicted.indices { score(bootstrap, run: run) }
  }

  private mutating func score(_ bootstrap: PairedBootstrap, run: Int) {
    count(truth: bootstrap.patterns.truth, predicted: bootstrap.patterns.predicted[run])
    let base = run * layout.count
    var hits = 0.0
    var total = 0.0
    var macro = 0.0
    var occurring = 0
    var weighted = 0.0
    var mass = 0.0
    for c in 0..<layout.classes {
      let correct = Double(truePositives[c])
      let n = Double(support[c])
      let denominator = n + Double(predictedCounts[c])
      let f1 = denominator == 0 ? 0 : 2 * correct / denominator
      let recall = n == 0 ? 0 : correct / n
      hits += correct
      total += n
      macro += f1
      if denominator > 0 { occurring += 1 }
      if n > 0 {
        weighted += bootstrap.priors[c] * recall
        mass += bootstrap.priors[c]
      }
      scores[base + layout.f1(c)] = f1
      scores[base + layout.recall(c)] = recall
    }
    scores[base + layout.accuracy] = hits / total
    scores[base + layout.macroF1] = occurring == 0 ? 0 : macro / Double(occurring)
    scores[base + layout.priorWeightedAccuracy] = mass == 0 ? hits / total : weighted / mass
    for (index, band) in bootstrap.bands.enumerated() {
      var sum = 0.0
      var occurring = 0
      for c in band {
        sum += scores[base + layout.f1(c)]
        if support[c] + predictedCounts[c] > 0 { occurring += 1 }
      }
      scores[base + layout.band(index)] = occurring == 0 ? 0 : sum / Double(occurring)
    }
  }

  private mutating func count(truth: [Int32], predicted: [Int32]) {
    for c in 0..<layout.classes {
      truePositives[c] = 0
      predictedCounts[c] = 0
    }
    weights.withUnsafeBufferPointer { weights in
      truth.withUnsafeBufferPointer { truth in
        predicted.withUnsafeBufferPointer { predicted in
          truePositives.withUnsafeMutableBufferPointer { truePositives in
            predictedCounts.withUnsafeMutableBufferPointer { counts in
              for index in 0..<weights.count {
                let answer = predicted[index]
                let weight = weights[index]
                counts[Int(answer)] &+= weight
                truePositives[Int(answer)] &+= answer == truth[index] ? weight : 0
              }
            }
          }
        }
      }
    }
  }

  /// Hands out each quantity of a contrast in this draw; `times` is how often each seed was drawn.
  mutating func difference(
    _ contrast: Contrast, _ times: [Double], store: (_ quantity: Int, _ value: Double) -> Void
  ) {
    let count = layout.count(of: contrast)
    for quantity in 0..<count { sums[quantity] = 0 }
    let total = times.reduce(0, +)
    for (seed, times) in times.enumerated() where times > 0 {
      let share = times / total
      let run = contrast.runs[seed] * layout.count
      if let references = contrast.references {
        let reference = references[seed] * layout.count
        for q in 0..<count { sums[q] += share * (scores[run + q] - scores[reference + q]) }
      } else {
        for q in 0..<count { sums[q] += share * scores[run + q] }
      }
    }
    for quantity in 0..<count { store(quantity, sums[quantity]) }
  }
}
