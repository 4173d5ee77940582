import BalanceCore
public import Metrics
public import Sampling

/// What happens during training, in the order of `Trainer.run`'s pseudocode.
public enum TrainingEvent: Sendable {
  case runBegan(RunBegan)
  /// Something that the user should know: what is frozen, what is made anew.
  case note(String)
  case epochBegan(EpochBegan)
  case stepEnded(StepEnded)
  case epochEnded(EpochEnded)
  case runEnded(RunEnded)

  public struct RunBegan: Sendable {
    public let epochs: Int
    public let totalSteps: Int
    public let lossFingerprint: String
  }

  public struct EpochBegan: Sendable {
    /// From 0.
    public let epoch: Int
    public let plan: EpochPlan
  }

  public struct StepEnded: Sendable {
    /// From 0, over all epochs.
    public let step: Int
    public let epoch: Int
    /// Images in the batch.
    public let count: Int
    /// Mean loss of the batch, before the step.
    public let loss: Double
    public let learningRate: Double
  }

  public struct EpochEnded: Sendable {
    public let epoch: Int
    /// Mean over the images drawn (weighted where classes are), each before its step.
    public let loss: Double
    /// At the epoch's last step.
    public let learningRate: Double
    /// Nil where the dataset has no validation images.
    public let validation: Evaluation?
    /// Wall-clock seconds since the run began.
    public let seconds: Double
  }

  public struct RunEnded: Sendable {
    public let steps: Int
    public let seconds: Double
  }
}

/// Something that listens to a run: progress, history, checkpoints.
public protocol TrainingObserver: AnyObject {
  /// Called on the training thread, between steps.
  func observe(_ event: TrainingEvent) throws
}
