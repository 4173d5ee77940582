package import BalanceTraining

/// Sums up the steps of a run, several at a time, so that what is kept of them stays small: at most
/// `readingsPerRun` readings, or one an epoch where there are more epochs.
///
/// A reading never spans two epochs, so that no validation counts in its images per second.
package struct StepMeter: Sendable {
  /// TensorBoard keeps as many values of a chart and drops others by chance.
  package static let readingsPerRun = 1000

  /// What a few steps came to.
  package struct Reading: Equatable, Sendable {
    /// Optimizer steps since the run began, these included.
    package let steps: Int
    /// From 0.
    package let epoch: Int
    /// Mean over the images.
    package let loss: Double
    /// Of the last of the steps.
    package let learningRate: Double
    /// Nil where no time has passed.
    package let imagesPerSecond: Double?
  }

  private let stepsPerEpoch: Int
  package let interval: Int
  private let leastSeconds: Double
  private var began: Double
  private var lossSum = 0.0
  private var images = 0

  /// - Parameters:
  ///   - moment: in seconds, on the clock that `add` goes by.
  ///   - leastSeconds: that a reading spans; an epoch's last steps that took less have none.
  package init(epochs: Int, totalSteps: Int, at moment: Double, leastSeconds: Double = 0) {
    self.leastSeconds = leastSeconds
    stepsPerEpoch = max(1, totalSteps / max(1, epochs))
    let readings = max(1, Self.readingsPerRun / max(1, epochs))
    interval = (stepsPerEpoch + readings - 1) / readings
    began = moment
  }

  /// An epoch begins: time goes from here.
  package mutating func restart(at moment: Double) {
    began = moment
    (lossSum, images) = (0, 0)
  }

  /// A reading after every `interval`-th step of an epoch and after its last one.
  package mutating func add(_ step: TrainingEvent.StepEnded, at moment: Double) -> Reading? {
    lossSum += step.loss * Double(step.count)
    images += step.count
    let done = step.step + 1 - step.epoch * stepsPerEpoch
    let seconds = moment - began
    guard done.isMultiple(of: interval) || done == stepsPerEpoch, seconds >= leastSeconds else {
      return nil
    }
    let reading = Reading(
      steps: step.step + 1, epoch: step.epoch, loss: lossSum / Double(max(1, images)),
      learningRate: step.learningRate,
      imagesPerSecond: seconds > 0 ? Double(images) / seconds : nil)
    restart(at: moment)
    return reading
  }
}
