import BalanceCore
import Foundation
import GRDB
import Synchronization

/// Reads the files of a listing on all threads and writes what is found, a batch a transaction.
struct IndexingRun {
  let index: DatasetIndex
  let confinement: Confinement
  let progress: any ProgressReporter
  /// Files a batch: what a killed run loses at most, on each thread.
  private static let batch = 256

  /// - Throws: `BalanceError` where the index cannot be written.
  func run(_ candidates: [Candidate], _ toRead: [Int], threads: Int) throws(BalanceError) {
    let next = Atomic<Int>(0)
    let failure = Mutex<BalanceError?>(nil)
    let turn = Mutex(())
    let batches = (toRead.count + Self.batch - 1) / Self.batch
    Parallel.run(threads: max(1, min(threads, batches)), progress: progress) {
      let inspector = FileInspector()
      var findings: [FileInspector.Finding] = []
      while failure.withLock({ $0 == nil }) {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < batches else { return }
        findings.removeAll(keepingCapacity: true)
        let range = number * Self.batch..<min((number + 1) * Self.batch, toRead.count)
        for position in toRead[range] {
          findings.append(inspector.inspect(candidates[position], in: confinement))
          progress.advance(by: 1)
        }
        // In turn, so that threads which wait for their turn do not each wait for a locked index.
        turn.withLock { _ in
          guard failure.withLock({ $0 == nil }) else { return }
          do throws(BalanceError) { try store(findings) } catch { failure.withLock { $0 = error } }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func store(_ findings: [FileInspector.Finding]) throws(BalanceError) {
    try index.write { db in
      for finding in findings {
        let candidate = finding.candidate
        try db.cachedExecute(
          "DELETE FROM problem WHERE path = ? AND origin = 'content'", [candidate.path])
        if let image = finding.image {
          try db.insert(candidate, image)
        } else {
          try db.cachedExecute("DELETE FROM image WHERE path = ?", [candidate.path])
        }
        for problem in finding.problems {
          try db.insert(problem, of: candidate)
        }
      }
    }
  }
}
