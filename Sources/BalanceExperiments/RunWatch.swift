public import BalanceTraining

/// Those who watch one run of an experiment.
public struct RunWatch {
  public let observers: [any TrainingObserver]
  /// The run is finished.
  public let finish: (RunFolder) throws -> Void

  public init(_ observers: [any TrainingObserver], finish: @escaping (RunFolder) throws -> Void) {
    self.observers = observers
    self.finish = finish
  }
}
