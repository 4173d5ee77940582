import Foundation

/// A thread of the operating system, which may refuse one: where the number of processes is limited
/// (`ulimit -u`, a container's pids), or memory for the stack is.
///
/// Foundation's `Thread` says nothing of a refusal, Dispatch tries again for ever, and whoever
/// waits for such a thread never ends. So all threads of this package are made here.
package struct SystemThread: @unchecked Sendable {
  private let handle: pthread_t

  /// Bytes of a thread's stack; only what is used is taken from memory.
  private static let stackSize = 8 << 20

  /// Starts a thread that runs `body` and then ends. It must be joined, or detached.
  ///
  /// - Throws: `BalanceError` with code `system` where the system gives none.
  package init(_ body: @escaping @Sendable () -> Void) throws(BalanceError) {
    let start = Unmanaged.passRetained(Start(body))
    let made = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) {
      buffer -> Result<pthread_t, POSIXError> in
      guard let attributes = buffer.baseAddress else { return .failure(POSIXError(.ENOMEM)) }
      pthread_attr_init(attributes)
      defer { pthread_attr_destroy(attributes) }
      pthread_attr_setstacksize(attributes, Self.stackSize)
      return Self.make(attributes, start.toOpaque())
    }
    switch made {
    case .success(let handle): self.handle = handle
    case .failure(let error):
      start.release()
      let reason = String(cString: strerror(error.code.rawValue))
      throw BalanceError(
        .system, "the system gives no further thread (\(reason))",
        remedy: "take fewer threads, or raise the limit (ulimit -u, or a container's pids)")
    }
  }

  /// Waits until the thread has ended.
  package func join() { pthread_join(handle, nil) }

  /// Lets the thread end by itself.
  package func detach() { pthread_detach(handle) }

  /// The threads of this process, as the system counts them; 0 where it does not say.
  package static var count: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
  }

  private static func make(
    _ attributes: UnsafePointer<pthread_attr_t>, _ start: UnsafeMutableRawPointer
  ) -> Result<pthread_t, POSIXError> {
    #if canImport(Darwin)
      var handle: pthread_t?
      let status = pthread_create(&handle, attributes, { Start.run($0) }, start)
    #else
      var made: pthread_t = 0
      let status = pthread_create(
        &made, attributes, { raw in raw.flatMap { Start.run($0) } }, start)
      let handle: pthread_t? = made
    #endif
    guard status == 0, let handle else {
      return .failure(POSIXError(POSIXErrorCode(rawValue: status) ?? .EAGAIN))
    }
    return .success(handle)
  }
}

/// What a new thread takes over.
private final class Start: Sendable {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  static func run(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().body()
    return nil
  }
}
