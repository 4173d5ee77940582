import BalanceCore
public import BalanceMetrics
public import BalanceSampling

/// What happens during training, in the order of `Trainer.run`'s pseudocode.
public enum TrainingEvent: Sendable {
  case runBegan(RunBegan)
  /// Something that the user should know: what is frozen, what begins with new weights.
  case note(String)
  case epochBegan(EpochBegan)
  case stepEnded(StepEnded)
  case epochEnded(EpochEnded)
  /// The run stops before its end; nothing follows.
  case stopped(Stopped)
  /// All epochs are done. The test images are predicted after it.
  case runEnded(RunEnded)

  public struct RunBegan: Sendable {
    public let epochs: Int
    /// Of the whole run, without early stopping.
    public let totalSteps: Int
    /// The first step of this part, from 0: where a resumed run goes on.
    public let firstStep: Int
    public let lossFingerprint: String

    package init(epochs: Int, totalSteps: Int, firstStep: Int, lossFingerprint: String) {
      self.epochs = epochs
      self.totalSteps = totalSteps
      self.firstStep = firstStep
      self.lossFingerprint = lossFingerprint
    }
  }

  public struct EpochBegan: Sendable {
    /// From 0.
    public let epoch: Int
    public let plan: EpochPlan

    package init(epoch: Int, plan: EpochPlan) {
      self.epoch = epoch
      self.plan = plan
    }
  }

  public struct StepEnded: Sendable {
    /// From 0, over all epochs.
    public let step: Int
    public let epoch: Int
    /// Images whose gradient the step took.
    public let count: Int
    /// Mean loss of these images, before the step.
    public let loss: Double
    public let learningRate: Double

    package init(step: Int, epoch: Int, count: Int, loss: Double, learningRate: Double) {
      self.step = step
      self.epoch = epoch
      self.count = count
      self.loss = loss
      self.learningRate = learningRate
    }
  }

  public struct EpochEnded: Sendable {
    public let epoch: Int
    /// Mean over the images drawn (weighted where classes are), each before its step.
    public let loss: Double
    /// At the epoch's last step.
    public let learningRate: Double
    /// Nil where the dataset has no validation images.
    public let validation: Evaluation?
    /// Wall-clock seconds of training so far, without those between the parts of a resumed run.
    public let seconds: Double

    package init(
      epoch: Int, loss: Double, learningRate: Double, validation: Evaluation?, seconds: Double
    ) {
      self.epoch = epoch
      self.loss = loss
      self.learningRate = learningRate
      self.validation = validation
      self.seconds = seconds
    }
  }

  public struct Stopped: Sendable {
    public let position: LoopPosition
    public let totalSteps: Int
    /// Why, as a sentence without its full stop.
    public let reason: String
    /// Whether the state is sound, so that the run can go on from it.
    public let isResumable: Bool

    package init(position: LoopPosition, totalSteps: Int, reason: String, isResumable: Bool) {
      self.position = position
      self.totalSteps = totalSteps
      self.reason = reason
      self.isResumable = isResumable
    }
  }

  public struct RunEnded: Sendable {
    public let steps: Int
    public let seconds: Double

    package init(steps: Int, seconds: Double) {
      self.steps = steps
      self.seconds = seconds
    }
  }
}

/// Something that listens to a run: progress, history, checkpoints.
public protocol TrainingObserver: AnyObject {
  /// Called on the training thread, between steps.
  func observe(_ event: TrainingEvent) throws
}
