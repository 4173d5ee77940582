import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceSampling
import BalanceTraining
import Foundation

/// Events of runs that never were.
enum Made {
  static let machine = RunRecord.Machine(
    processor: "a processor", cores: 2, threads: 2, instructionSet: "AVX2",
    versions: ["balance": "0.1.0"])

  static func description(
    _ folder: URL, classes: [String] = ["cat", "dog", "owl"], counts: [Int]? = nil,
    settings: [String: String] = [:], chosen: [RunDescription.ChosenSetting] = [],
    validation: Int = 6
  ) -> RunDescription {
    var all = ["dataset": "animals", "model": "cnn", "strategy": "none"]
    all.merge(settings) { $1 }
    return RunDescription(
      folder: folder, settings: all, chosen: chosen, splitHash: "0123456789abcdef",
      trainingCounts: ClassCounts(
        names: classes, counts: counts ?? classes.indices.map { 100 / ($0 + 1) }),
      validationImages: validation, testImages: 6, machine: machine)
  }

  /// The evaluation of two images a class, of which so many of the first classes are all found and
  /// the others are taken for the first.
  static func evaluation(
    _ classes: [String] = ["cat", "dog", "owl"], found: Int, counts: [Int]? = nil
  ) -> Evaluation {
    let truth = classes.indices.flatMap { [$0, $0] }
    var probabilities = [Float](repeating: 0, count: truth.count * classes.count)
    for (image, label) in truth.enumerated() {
      for c in classes.indices {
        probabilities[image * classes.count + c] = 0.1 / Float(classes.count)
      }
      probabilities[image * classes.count + (label < found ? label : 0)] = 0.9
    }
    return Evaluation(
      PredictionTable(
        classNames: classes, images: truth.indices.map { "\($0).png" }, groups: nil, truth: truth,
        probabilities: probabilities),
      trainingCounts: ClassCounts(
        names: classes, counts: counts ?? classes.indices.map { 100 / ($0 + 1) }))
  }

  static func began(epochs: Int, steps: Int, from first: Int = 0) -> TrainingEvent {
    .runBegan(
      .init(epochs: epochs, totalSteps: steps, firstStep: first, lossFingerprint: "cross-entropy"))
  }

  static func epochBegan(_ epoch: Int) -> TrainingEvent {
    .epochBegan(
      .init(
        epoch: epoch,
        plan: EpochPlan(
          draws: [], strategy: .none, rule: .everyImage, seed: 0, epoch: epoch)))
  }

  static func step(_ step: Int, epoch: Int, loss: Double = 1, rate: Double = 0.1, count: Int = 10)
    -> TrainingEvent
  {
    .stepEnded(.init(step: step, epoch: epoch, count: count, loss: loss, learningRate: rate))
  }

  static func epochEnded(
    _ epoch: Int, loss: Double = 1, rate: Double = 0.1, validation: Evaluation? = nil,
    seconds: Double? = nil
  ) -> TrainingEvent {
    .epochEnded(
      .init(
        epoch: epoch, loss: loss, learningRate: rate, validation: validation,
        seconds: seconds ?? Double(epoch + 1)))
  }

  /// A run that was asked to stop.
  static func stopped(after step: Int, of steps: Int, resumable: Bool = true) throws
    -> TrainingEvent
  {
    let position = """
      {"step": \(step), "epoch": 0, "batch": \(step), "isOver": false, "lossSum": 0,
       "weightSum": 0, "learningRate": 0, "seconds": 1, "resumedAt": []}
      """
    return .stopped(
      .init(
        position: try JSONDecoder().decode(LoopPosition.self, from: Data(position.utf8)),
        totalSteps: steps, reason: "the run was asked to stop", isResumable: resumable))
  }
}

/// Calls `body` with an empty folder that is removed afterwards.
func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("balance-monitoring-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
