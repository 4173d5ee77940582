public import BalanceCore
import BalanceLoading
import BalanceNetworks
import Foundation

extension Trainer {
  /// What the network now says of the images at these positions of the data.
  ///
  /// - Throws: also `TrainingStopped`, and where answers are no finite numbers: weights or
  ///   statistics can be out of range though every loss was finite.
  public func predict(_ positions: Range<Int>) throws -> PredictionTable {
    let table = try part.predictor.predict(positions) { () throws(TrainingStopped) in
      try self.checkStop()
    }
    guard table.probabilities.allSatisfy(\.isFinite) else {
      throw diverged(
        "the network's answers became not a number by step \(position.step) of \(totalSteps), "
          + "learning rate \(position.learningRate)")
    }
    return table
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
}

extension ContinuousClock.Instant {
  /// Seconds since this moment.
  package var secondsToNow: Double { duration(to: .now) / .seconds(1) }
}
