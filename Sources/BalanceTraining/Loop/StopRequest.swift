import Synchronization

/// A wish that a run stops at the next opportunity, with its state saved. Any thread may have it.
public final class StopRequest: Sendable {
  private let wish = Atomic<Bool>(false)
  private let heeding = Atomic<Int>(0)

  public init() {}

  public func stop() { wish.store(true, ordering: .relaxed) }

  public var isMade: Bool { wish.load(ordering: .relaxed) }

  /// Whether work is under way that looks at the wish within seconds, and saves its state. Other
  /// work loses nothing where it is cut off.
  public var isHeeded: Bool { heeding.load(ordering: .sequentiallyConsistent) > 0 }

  /// Calls `body`, which looks at the wish.
  func heeded<T>(_ body: () throws -> T) rethrows -> T {
    heeding.add(1, ordering: .sequentiallyConsistent)
    defer { heeding.subtract(1, ordering: .sequentiallyConsistent) }
    return try body()
  }
}

/// Thrown by a run that a `StopRequest` has stopped: it can go on where it is.
public struct TrainingStopped: Error, Hashable {
  public let position: LoopPosition
}
