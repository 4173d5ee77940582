import BalanceComparisons
import BalanceCore
import Foundation

extension SyntheticRuns {
  func run(_ index: Int, seed: UInt64) -> ComparedRun {
    ComparedRun(
      record: record(remedies[index], seed: seed),
      test: table(index, seed: seed, counts: testCounts, split: 0),
      validation: hasValidation
        ? table(index, seed: seed, counts: testCounts.map { max(1, $0 / 2) }, split: 1) : nil)
  }

  private func record(_ remedy: Remedy, seed: UInt64) -> RunRecord {
    let total = trainingCounts.reduce(0, +)
    return RunRecord(
      name: "\(remedy.strategy)-\(remedy.loss)-\(seed)".replacingOccurrences(of: ":", with: ""),
      strategy: remedy.strategy, loss: remedy.loss,
      lossFingerprint: "\(remedy.loss); weights none; mean over the batch", model: "cnn",
      seed: seed,
      settings: [
        "strategy": remedy.strategy, "loss": remedy.loss, "seed": "\(seed)", "model": "cnn",
        "epochs": "30", "batch size": "128", "learning rate": "0.1", "optimizer": "sgd",
        "class-weights": "none",
      ],
      trainingCounts: ClassCounts(names: classNames, counts: trainingCounts),
      optimizerSteps: 30 * ((total + 127) / 128), imagesDrawn: 30 * total,
      drawsPerClass: trainingCounts.map { 30 * $0 }, distinctPerClass: trainingCounts,
      seconds: 12.5, finished: Date(timeIntervalSince1970: 1_790_000_000 + Double(seed)),
      splitHash: "9f8a6c21d0e4b375", allowedLeaks: [],
      machine: RunRecord.Machine(
        processor: "a made-up processor", cores: 2, threads: 2, instructionSet: "AVX-512",
        versions: ["balance": "0.1.0"]))
  }

  private func table(_ remedy: Int, seed: UInt64, counts: [Int], split: Int) -> PredictionTable {
    let k = classNames.count
    var images: [String] = []
    var truth: [Int] = []
    var groups: [String] = []
    var probabilities: [Float] = []
    let offset = split * 1_000_000
    for c in 0..<k {
      for i in 0..<counts[c] {
        let image = truth.count
        images.append("class-\(c)/\(i).png")
        groups.append("person \(c)-\(i / (groupSize ?? 1))")
        truth.append(c)
        // Hardness belongs to the image, noise to the run.
        var shared = KeyedGenerator(seed: 11, .test, offset + image)
        var own = KeyedGenerator(seed: seed, .test, offset + image, 1 + remedy)
        let hardness = 0.85 * shared.normal() + 0.5 * own.normal()
        let right = hardness < threshold(remedy, c, seed: seed)
        let second = shared.below(2) == 0 ? (c + 1) % k : max(0, c - 1 - shared.below(2))
        let wrong = second == c ? (c + 1) % k : second
        let margin = min(0.97, 0.52 + 0.11 * abs(hardness - 1.2) + 0.1 * own.uniform())
        var row = [Float](repeating: Float((1 - margin) * 0.3 / Double(k)), count: k)
        row[right ? c : wrong] += Float(margin)
        row[right ? wrong : c] += Float((1 - margin) * 0.7)
        probabilities += row
      }
    }
    return PredictionTable(
      classNames: classNames, images: images, groups: groupSize == nil ? nil : groups,
      truth: truth, probabilities: probabilities)
  }

  /// The quantile of hardness up to which a run answers right.
  private func threshold(_ remedy: Int, _ c: Int, seed: UInt64) -> Double {
    let largest = Double(trainingCounts.max() ?? 1)
    let rarity = min(1, log(largest / Double(max(1, trainingCounts[c]))) / log(60))
    let remedy = remedies[remedy]
    var wobble = KeyedGenerator(seed: seed, .test, c, 77)
    let chance =
      0.985 - 0.32 * rarity * rarity + rarity * remedy.rareGain
      + (1 - rarity) * remedy.commonGain + 0.02 * rarity * wobble.normal()
    // The logistic approximation of the normal quantile.
    let p = min(0.995, max(0.01, chance))
    return log(p / (1 - p)) / 1.702
  }
}
