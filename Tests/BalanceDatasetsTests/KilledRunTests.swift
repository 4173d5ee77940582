import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Kills its process when a number of files is done.
struct KillingProgress: ProgressReporter {
  let limit: Int
  let done = Counter()

  final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    func next() -> Int {
      lock.withLock {
        value += 1
        return value
      }
    }
  }

  func begin(_ title: String, total: Int?, unit: String) {}
  func advance(by count: Int) { if done.next() == limit { kill(getpid(), SIGKILL) } }
  func end() {}
  func note(_ text: String) {}
}

@Suite struct KilledRunTests {
  /// Killed at several moments, then finished: the index equals one made at once.
  @Test func aKilledRunGoesOnWhereItWas() async throws {
    let data = try TemporaryDataset()
    for name in ["a", "b"] { try data.addClass(name, count: 700) }
    let path = data.root.path
    for limit in [1, 300, 700] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, limit = limit as Int] in
        let index = try DatasetIndex.open(root: URL(fileURLWithPath: path))
        try index.update(
          source: .folderPerClass, threads: 2, progress: KillingProgress(limit: limit))
      }
      #expect(try DatasetIndex.open(root: data.root).isComplete() == false)
    }
    let (index, summary) = try data.index()
    #expect(summary.images == 1400)
    #expect(summary.read < 1400, "what killed runs had written was read again")
    #expect(try index.isComplete())
    let whole = try DatasetIndex.open(root: data.root, at: data.url(".other/index.sqlite"))
    try whole.update(source: .folderPerClass, threads: 2, progress: SilentProgress())
    #expect(try index.images().map(\.contentHash) == whole.images().map(\.contentHash))
    #expect(try index.images().map(\.label) == whole.images().map(\.label))
  }
}
