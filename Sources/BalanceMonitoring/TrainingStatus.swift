package import BalanceMetrics
package import BalanceTraining
import Foundation

/// How a run goes at this moment, for somebody who watches.
package struct TrainingStatus: Sendable {
  package struct Class: Hashable, Sendable {
    package let name: String
    package let f1: Double

    package init(name: String, f1: Double) {
      self.name = name
      self.f1 = f1
    }
  }

  /// After the latest validation.
  package struct Validation: Hashable, Sendable {
    package let macroF1: Double
    package let accuracy: Double
    /// Of the classes with validation images, those with the lowest F1, at most three.
    package let worst: [Class]

    package init(_ evaluation: Evaluation) {
      macroF1 = evaluation.macro.f1
      accuracy = evaluation.accuracy
      worst = evaluation.classes.filter { $0.support > 0 }
        .sorted {
          ($0.f1, $0.trainingCount ?? 0, $0.name) < ($1.f1, $1.trainingCount ?? 0, $1.name)
        }
        .prefix(3).map { Class(name: $0.name, f1: $0.f1) }
    }
  }

  /// Steps over which the loss is smoothed.
  private static let lossSteps = 50.0
  /// Seconds over which images per second are.
  private static let speedSeconds = 5.0

  private var pace: TrainingPace
  package let epochs: Int
  private let totalSteps: Int
  /// From 0.
  package private(set) var epoch = 0
  /// Of the epoch, 0...1.
  package private(set) var share = 0.0
  package private(set) var learningRate: Double?
  package private(set) var validation: Validation?
  private var lossSum = 0.0
  private var lossWeight = 0.0
  private var images = 0.0
  private var seconds = 0.0
  private var lastMoment: Double

  /// - Parameter moment: in seconds, on one clock for all calls.
  package init(_ event: TrainingEvent.RunBegan, at moment: Double) {
    pace = TrainingPace(event, at: moment)
    epochs = event.epochs
    totalSteps = event.totalSteps
    lastMoment = moment
  }

  /// Mean of the steps' losses in which a step counts the less the longer ago it was.
  package var loss: Double? { lossWeight > 0 ? lossSum / lossWeight : nil }

  /// Of the last seconds of training; validation does not count.
  package var imagesPerSecond: Double? { seconds > 0 ? images / seconds : nil }

  package func secondsLeft(at moment: Double) -> Double? { pace.secondsLeft(at: moment) }

  package mutating func observe(_ event: TrainingEvent, at moment: Double) {
    switch event {
    case .epochBegan(let event):
      epoch = event.epoch
      share = 0
      lastMoment = moment
    case .stepEnded(let event):
      pace.add(event)
      epoch = event.epoch
      let perEpoch = max(1, totalSteps / max(1, epochs))
      share = Double(event.step + 1 - event.epoch * perEpoch) / Double(perEpoch)
      learningRate = event.learningRate
      let kept = 1 - 1 / Self.lossSteps
      lossSum = kept * lossSum + event.loss
      lossWeight = kept * lossWeight + 1
      let passed = moment - lastMoment
      lastMoment = moment
      let fade = exp(-passed / Self.speedSeconds)
      images = fade * images + Double(event.count)
      seconds = fade * seconds + passed
    case .epochEnded(let event):
      share = 1
      if let evaluation = event.validation { validation = Validation(evaluation) }
    case .runBegan, .note, .stopped, .runEnded: break
    }
  }
}
