import Synchronization

/// A wish that a run stops at the next opportunity, with its state saved. Any thread may have it.
public final class StopRequest: Sendable {
  private let wish = Atomic<Bool>(false)

  public init() {}

  public func stop() { wish.store(true, ordering: .relaxed) }

  public var isMade: Bool { wish.load(ordering: .relaxed) }
}

/// Thrown by a run that a `StopRequest` has stopped: it can go on where it stands.
public struct TrainingStopped: Error, Hashable {
  public let position: LoopPosition
}
