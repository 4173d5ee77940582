import BalanceCore
import BalanceObjectives
import Foundation

/// Computes losses and their gradients for logits that another program wrote.
enum LossProbe {
  private struct Problem: Codable {
    struct Job: Codable {
      let loss: LossSpecification
      let weighting: ClassWeighting
      let weightsFrom: Int?
      /// From 0.
      let epoch: Int
    }
    let classes: Int
    let images: Int
    let counts: [Int]
    /// Whether targets.bin has rows for the images; else labels.bin has their labels.
    let isSoft: Bool
    let jobs: [Job]
  }

  /// Reads problems.json, and the problems' numbers one after the other: logits.bin (f32 `[images,
  /// classes]`), labels.bin (i32 `[images]`) and targets.bin (f32 `[images, classes]`). Writes, job
  /// after job, values.bin (f64), gradients.bin (f32 `[images, classes]`), and fingerprints.json;
  /// for each problem with labels temperatures.bin (f64: mean −log p at the best temperature).
  static func run(_ folder: ProbeFolder) throws {
    let problems = try folder.decode([Problem].self, from: "problems.json")
    var logits = try folder.values("logits.bin")[...]
    var labels = try folder.values("labels.bin", as: Int32.self)[...]
    var targets = try folder.values("targets.bin")[...]
    var (values, gradients, temperatures) = (Data(), Data(), Data())
    var fingerprints: [String] = []
    for problem in problems {
      let size = problem.images * problem.classes
      let z = Array(logits.prefix(size))
      logits = logits.dropFirst(size)
      let y = Array(labels.prefix(problem.isSoft ? 0 : problem.images))
      labels = labels.dropFirst(y.count)
      let q = Array(targets.prefix(problem.isSoft ? size : 0))
      targets = targets.dropFirst(q.count)
      let counts = ClassCounts(
        names: problem.counts.indices.map { "\($0)" }, counts: problem.counts)
      for job in problem.jobs {
        let loss = try LossSchedule(
          job.loss, weighting: job.weighting, weightsFrom: job.weightsFrom
        ).loss(counts, epoch: job.epoch)
        // NaN shows what was not written.
        var gradient = [Float](repeating: .nan, count: size)
        let value = z.withUnsafeBufferPointer { z in
          gradient.withUnsafeMutableBufferPointer { gradient in
            problem.isSoft
              ? q.withUnsafeBufferPointer {
                loss.evaluate(
                  logits: z, targets: .probabilities($0, classes: problem.classes),
                  classes: problem.classes, gradient: gradient)
              }
              : y.withUnsafeBufferPointer {
                loss.evaluate(
                  logits: z, targets: .labels($0), classes: problem.classes, gradient: gradient)
              }
          }
        }
        withUnsafeBytes(of: value) { values.append(contentsOf: $0) }
        gradient.withUnsafeBytes { gradients.append(contentsOf: $0) }
        fingerprints.append(loss.fingerprint)
      }
      if !problem.isSoft {
        let fit = z.withUnsafeBufferPointer { z in
          y.withUnsafeBufferPointer {
            TemperatureScaling(logits: z, labels: $0, classes: problem.classes)
          }
        }
        withUnsafeBytes(of: fit.fittedLoss) { temperatures.append(contentsOf: $0) }
      }
    }
    try values.write(to: folder("values.bin"))
    try gradients.write(to: folder("gradients.bin"))
    try temperatures.write(to: folder("temperatures.bin"))
    try CanonicalJSON.encode(fingerprints).write(to: folder("fingerprints.json"))
  }
}
