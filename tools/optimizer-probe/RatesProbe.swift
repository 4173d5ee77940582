import BalanceCore
import BalanceOptimizers
import Foundation

/// Learning rates of whole runs.
enum RatesProbe {
  struct Problem: Codable {
    let schedule: Schedule
    let unit: LearningRate.Unit
    let warmUp: WarmUp
    let base: Double
    let epochs: Int
    let stepsPerEpoch: Int
    /// The validation figure at the end of each epoch; none for schedules that watch none.
    let figures: [Double]
  }

  struct Answer: Codable {
    /// At each step.
    var rates: [Double] = []
    var momenta: [Double?] = []
  }

  /// Reads a list of problems; writes answers.json, one for each.
  static func run(folder: URL) throws {
    let problems = try CanonicalJSON.decode(
      [Problem].self, from: Data(contentsOf: folder.appendingPathComponent("problem.json")))
    let answers = problems.map { problem in
      var scheduler = RateScheduler(
        LearningRate(
          base: problem.base, schedule: problem.schedule, unit: problem.unit,
          warmUp: problem.warmUp),
        epochs: problem.epochs, stepsPerEpoch: problem.stepsPerEpoch)
      var answer = Answer()
      for epoch in 0..<problem.epochs {
        for step in epoch * problem.stepsPerEpoch..<(epoch + 1) * problem.stepsPerEpoch {
          answer.rates.append(scheduler.rate(step: step))
          answer.momenta.append(scheduler.momentum(step: step))
        }
        if epoch < problem.figures.count { scheduler.epochEnded(figure: problem.figures[epoch]) }
      }
      return answer
    }
    try CanonicalJSON.encode(answers).write(to: folder.appendingPathComponent("answers.json"))
  }
}
