public import BalanceCore
import Foundation
import Loading
import Metrics
import Networks
import Objectives
import Optimizers
import Sampling

extension Trainer {
  /// What the network now says of the images at these positions of the data.
  public func predict(_ positions: Range<Int>) throws -> PredictionTable {
    try part.predict(positions)
  }

  /// Nil where the dataset has no validation images.
  func validate() throws -> Evaluation? {
    let positions = data.data.validation
    if positions.isEmpty { return nil }
    averaged?.swap()
    defer { averaged?.swap() }
    return Evaluation(try predict(positions), trainingCounts: data.data.trainingCounts)
  }

  /// What it takes to use the weights.
  public var modelDescription: ModelDescription {
    ModelDescription(
      network: network, classNames: data.data.classNames, normalization: data.normalization,
      options: configuration.planOptions)
  }

  /// Images drawn so far, with repeats, and distinct images among them, per class.
  public var drawsPerClass: (draws: [Int], distinct: [Int]) {
    var draws = [Int](repeating: 0, count: network.classes)
    var distinct = draws
    for (position, times) in timesDrawn.enumerated() where times > 0 {
      draws[data.labels[position]] += Int(times)
      distinct[data.labels[position]] += 1
    }
    return (draws, distinct)
  }

  /// The figure that the learning rate waits for, where it does.
  func watchedFigure(of validation: Evaluation) -> Double? {
    switch rates.watchedMetric {
    case .macroF1: return validation.macro.f1
    case .accuracy: return validation.accuracy
    case .loss: return validation.negativeLogLikelihood
    case nil: return nil
    }
  }

  func diverged(_ loss: Double, step: Int, rate: Double) -> BalanceError {
    BalanceError(
      .data, "the loss became \(loss) at step \(step + 1) of \(totalSteps), learning rate \(rate)",
      remedy: "try a smaller --lr, such as \(configuration.learningRate / 10)")
  }
}

extension ContinuousClock.Instant {
  /// Seconds since this moment.
  var secondsToNow: Double {
    let (seconds, attoseconds) = duration(to: .now).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
