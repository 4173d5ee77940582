import GRDB

extension DatabaseQueue {
  /// A connection that can be closed, but is never freed.
  ///
  /// With a `DatabaseQueue` goes a queue of Dispatch, for which Dispatch starts a thread; where the
  /// system gives none it tries again without end, and so would whoever gave up the connection.
  /// What a closed one keeps is a few kilobytes. GRDB itself gives up one whose opening fails, so
  /// that this is tried before.
  ///
  /// - Parameter path: nil for a database in memory.
  static func kept(_ path: String?, _ configuration: Configuration = Configuration()) throws
    -> DatabaseQueue
  {
    let trial = try path.map { try OpeningTrial($0, configuration) }
    defer { withExtendedLifetime(trial) {} }
    let queue =
      try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
      ?? DatabaseQueue(configuration: configuration)
    _ = Unmanaged.passRetained(queue)
    return queue
  }

  /// What `body` makes of such a connection, which is closed afterwards.
  static func once<T>(
    _ path: String?, _ configuration: Configuration = Configuration(),
    _ body: (DatabaseQueue) throws -> T
  ) throws -> T {
    let queue = try kept(path, configuration)
    let result: T
    do { result = try body(queue) } catch {
      try? queue.close()
      throw error
    }
    try queue.close()
    return result
  }
}
