import BalanceCore
import Foundation
import Testing

@Suite struct MachineLimitsTests {
  /// A folder with the files of control groups, by path.
  private func withGroups(
    _ files: [String: String], membership: String, _ body: (ControlGroup) throws -> Void
  ) throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-groups-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    try body(ControlGroup(membership: membership, root: root))
  }

  /// Files of both versions of control groups: the least limit on the way up counts.
  @Test(arguments: [
    (
      [
        "a/cpu.max": "150000 100000\n", "a/b/cpu.max": "max 100000\n",
        "a/memory.max": "1000000\n", "a/memory.current": "400000\n",
        "a/memory.stat": "anon 100000\ninactive_file 100000\n",
        "a/b/memory.max": "max\n", "a/b/memory.current": "300000\n",
      ], "0::/a/b\n", 1.5, 700_000
    ),
    (
      [
        "cpu/x/cpu.cfs_quota_us": "50000\n", "cpu/x/cpu.cfs_period_us": "100000\n",
        "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n",
        "memory/memory.limit_in_bytes": "9223372036854771712\n",
        "memory/x/memory.limit_in_bytes": "2000\n", "memory/x/memory.usage_in_bytes": "5000\n",
      ], "9:cpu,cpuacct:/x\n8:memory:/x\n0::/\n", 0.5, 0
    ),
  ])
  func theLeastLimitCounts(
    files: [String: String], membership: String, cores: Double, memory: Int
  ) throws {
    try withGroups(files, membership: membership) {
      #expect($0.cores == cores)
      #expect($0.availableMemory == memory)
    }
  }

  @Test func noLimitIsNone() throws {
    for membership in ["", "0::/\n", "nonsense\n", "0::/not/visible/here\n"] {
      try withGroups(["x": ""], membership: membership) {
        #expect($0.cores == nil && $0.availableMemory == nil)
      }
    }
    // Within a container the group's own path is not visible, and the root's files are its own.
    try withGroups(["cpu.max": "300000 100000\n"], membership: "0::/docker/0123\n") {
      #expect($0.cores == 3)
    }
  }

  @Test func whatNoMachineHasIsRefused() throws {
    try MachineLimits.check(threads: 1, at: "threads")
    try MachineLimits.check(threads: MachineLimits.threads, at: "threads")
    for count in [0, -1, MachineLimits.threads + 1, .max] {
      let error = #expect(throws: BalanceError.self) {
        try MachineLimits.check(threads: count, at: "threads")
      }
      #expect(error?.code == .usage && error?.description.contains("core") == true)
    }
    try MachineLimits.check(memory: 1 << 20, for: "a batch")
    let error = #expect(throws: BalanceError.self) {
      try MachineLimits.check(memory: .max, for: "a batch")
    }
    #expect(error?.code == .system && error?.what.hasPrefix("a batch would take 8.0 EiB") == true)
    #expect(MachineLimits.product(.max, 2) == .max && MachineLimits.product(3, 4, 5) == 60)
  }
}
