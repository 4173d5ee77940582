import BalanceCore
import BalanceMetrics
import BalanceTraining
import Foundation

/// The fields of each event; `EventLog` says what they mean.
extension EventLog {
  struct RunBegan: Encodable {
    struct Class: Encodable {
      let name: String
      let trainingImages: Int
    }

    let run: String
    let epochs: Int
    let steps: Int
    let stepsDone: Int
    let dataset: String
    let splitHash: String
    let settings: [String: String]
    let lossFingerprint: String
    let classes: [Class]
    let validationImages: Int
    let testImages: Int
    let machine: RunRecord.Machine

    init(_ description: RunDescription, _ event: TrainingEvent.RunBegan) {
      run = description.folder.path
      epochs = event.epochs
      steps = event.totalSteps
      stepsDone = event.firstStep
      dataset = description.dataset
      splitHash = description.splitHash
      settings = description.settings
      lossFingerprint = event.lossFingerprint
      classes = zip(description.trainingCounts.names, description.trainingCounts.counts)
        .map { Class(name: $0, trainingImages: $1) }
      validationImages = description.validationImages
      testImages = description.testImages
      machine = description.machine
    }
  }

  struct EpochBegan: Encodable {
    let epoch: Int
    let draws: Int
  }

  struct Steps: Encodable {
    let step: Int
    let epoch: Int
    let loss: Double
    let learningRate: Double
    let imagesPerSecond: Double?
    let secondsLeft: Double?
  }

  struct EpochEnded: Encodable {
    let epoch: Int
    let step: Int
    let trainingLoss: Double
    let learningRate: Double
    let seconds: Double
    let validation: Scores?
  }

  struct Stopped: Encodable {
    let step: Int
    let steps: Int
    let reason: String
    let isResumable: Bool
  }

  struct RunEnded: Encodable {
    let step: Int
    let seconds: Double
  }

  struct Outcome: Encodable {
    let run: String
    let seconds: Double
    let test: Scores
  }

  struct Failure: Encodable {
    let code: Int32
    let message: String
    let place: String?
    let remedy: String?
  }

  /// Figures on validation or test images.
  struct Scores: Encodable {
    struct Class: Encodable {
      let name: String
      let f1: Double
      let images: Int
    }

    let images: Int
    let loss: Double
    let accuracy: Double
    let macroF1: Double
    let classes: [Class]

    init(_ evaluation: Evaluation) {
      images = evaluation.count
      loss = evaluation.negativeLogLikelihood
      accuracy = evaluation.accuracy
      macroF1 = evaluation.macro.f1
      classes = evaluation.classes.map { Class(name: $0.name, f1: $0.f1, images: $0.support) }
    }
  }
}
