/// Does something now and then: at least an interval apart, and so seldom that it costs at most a
/// fiftieth of the time.
public struct Pacer {
  private let interval: Double
  private var last = ContinuousClock.now
  /// Seconds that the work took last time.
  private var cost = 0.0

  /// - Parameter interval: in seconds.
  public init(interval: Double) { self.interval = interval }

  /// Does the work if it is due.
  public mutating func run(_ work: () throws -> Void) rethrows {
    try run(ifElapsed: max(interval, 50 * cost), work)
  }

  /// Does the work if the last time is so many seconds ago.
  public mutating func run(ifElapsed seconds: Double, _ work: () throws -> Void) rethrows {
    guard last.secondsToNow >= seconds else { return }
    let start = ContinuousClock.now
    try work()
    cost = start.secondsToNow
    last = ContinuousClock.now
  }
}
