package import Foundation

/// What the control groups that a process is in, a container's for instance, let it have of a
/// machine running Linux: of version 1 or 2 of the kernel's interface.
///
/// A group's limit holds for the groups below it, so that the least one on the way up counts.
/// Within a container the group's own path may not be visible; then the root's files are its own.
package struct ControlGroup {
  private let root: URL
  /// Path within a hierarchy by controller; "" for version 2.
  private let paths: [String: String]

  /// - Parameters:
  ///   - membership: the text of `/proc/self/cgroup`, lines `NUMBER:CONTROLLERS:PATH`.
  ///   - root: where the hierarchies are mounted.
  package init(membership: String, root: URL) {
    self.root = root
    var paths: [String: String] = [:]
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
        paths[String(controller)] = String(fields[2])
      }
    }
    self.paths = paths
  }

  /// The groups of this process.
  package static var current: ControlGroup {
    let membership = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    return ControlGroup(membership: membership, root: URL(fileURLWithPath: "/sys/fs/cgroup"))
  }

  /// Cores' worth of time, as a fraction; nil without a limit.
  package var cores: Double? {
    let quotas = folders("").compactMap { folder -> Double? in
      let words = (text(folder, "cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
      guard words.count == 2 else { return nil }
      return Self.ratio(Double(words[0]), Double(words[1]))
    }
    let old = folders("cpu").compactMap { folder in
      Self.ratio(
        number(folder, "cpu.cfs_quota_us").map(Double.init),
        number(folder, "cpu.cfs_period_us").map(Double.init))
    }
    return (quotas + old).min()
  }

  /// Bytes that may still be taken, counting as free what the kernel keeps of files and could drop;
  /// nil without a limit.
  package var availableMemory: Int? {
    let new = folders("").compactMap { folder in
      Self.rest(
        number(folder, "memory.max"), used: number(folder, "memory.current"),
        droppable: statistic(folder, "inactive_file"))
    }
    let old = folders("memory").compactMap { folder in
      Self.rest(
        number(folder, "memory.limit_in_bytes"), used: number(folder, "memory.usage_in_bytes"),
        droppable: statistic(folder, "total_inactive_file"))
    }
    return (new + old).min()
  }

  private static func ratio(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }

  private static func rest(_ limit: Int?, used: Int?, droppable: Int?) -> Int? {
    guard let limit, limit >= 0 else { return nil }
    return max(0, limit - max(0, (used ?? 0) - (droppable ?? 0)))
  }

  /// The process's group in a controller's hierarchy and those above it, the root last.
  private func folders(_ controller: String) -> [URL] {
    guard let path = paths[controller] else { return [] }
    let top = controller.isEmpty ? root : root.appendingPathComponent(controller)
    let names = path.split(separator: "/").map(String.init)
    return (0...names.count).reversed().map { count in
      names.prefix(count).reduce(top) { $0.appendingPathComponent($1) }
    }
  }

  private func text(_ folder: URL, _ name: String) -> String? {
    try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// Nil also for `max`, and for numbers too large for any machine.
  private func number(_ folder: URL, _ name: String) -> Int? {
    text(folder, name).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private func statistic(_ folder: URL, _ name: String) -> Int? {
    for line in (text(folder, "memory.stat") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}
