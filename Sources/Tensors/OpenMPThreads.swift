import COneDNN

/// Work on the threads that oneDNN's primitives of several threads run on: those wait there for the
/// next layer, so another team would only take the cores from them.
package enum OpenMPThreads {
  /// Calls `body` for each part in `0..<parts`, at once where there are as many threads, and returns
  /// when all are done.
  package static func run(_ parts: Int, _ body: @Sendable (Int) -> Void) {
    if parts == 1 { return body(0) }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: Work(body: body)) { work in
        odn_parallel(
          Int32(parts),
          { part, context in
            context?.assumingMemoryBound(to: Work.self).pointee.body(Int(part))
          }, UnsafeMutableRawPointer(mutating: UnsafeRawPointer(work)))
      }
    }
  }

  private struct Work {
    let body: @Sendable (Int) -> Void
  }
}
