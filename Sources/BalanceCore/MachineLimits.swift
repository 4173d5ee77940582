import Foundation

/// What this machine, or the part of it that the process may use, can give.
package enum MachineLimits {
  /// Cores that the process may use: those it is bound to (`taskset`), or fewer where a container's
  /// share is smaller; at least one.
  package static let cores: Int = {
    let bound = ProcessInfo.processInfo.activeProcessorCount
    guard let share = ControlGroup.current.cores else { return max(1, bound) }
    return max(1, min(bound, Int(min(share.rounded(.up), Double(bound)))))
  }()

  /// The most threads that a command takes. More than cores gain nothing; they may be asked for all
  /// the same, to repeat what a larger machine has computed bit by bit.
  package static let threads = max(256, 4 * cores)

  /// - Throws: `BalanceError` with code `usage` for fewer than 1 or more than `threads`.
  package static func check(threads count: Int, at place: String) throws(BalanceError) {
    guard count < 1 || count > threads else { return }
    throw BalanceError(
      .usage, "expected threads from 1 to \(threads), found \(count)", at: place,
      remedy: "this machine has \(NumberText.counted(cores, "core")), and more threads than "
        + "cores gain nothing")
  }

  /// Bytes that can still be had without taking them from others; nil where the system does not
  /// say.
  package static var availableMemory: Int? {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    var sizes: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      // `MemAvailable:   23885912 kB`.
      if words.count == 3, let size = Int(words[1]) {
        sizes[String(words[0])] = product(size, 1024)
      }
    }
    let machine = sizes["MemAvailable:"].map { $0 + (sizes["SwapFree:"] ?? 0) }
    return [machine, ControlGroup.current.availableMemory].compactMap(\.self).min()
  }

  /// Refuses what is certain to end in the system's killing the process. A few MiB are not worth
  /// asking for.
  ///
  /// - Parameter what: what the memory is for: `a batch of 128 images`.
  /// - Throws: `BalanceError` with code `system`, with both sizes.
  package static func check(memory bytes: Int, for what: String) throws(BalanceError) {
    guard bytes >= 64 << 20, let available = availableMemory, bytes > available else { return }
    throw BalanceError(
      .system, "\(what) would take \(size(bytes)) of memory, and \(size(available)) can be had",
      remedy: "use a smaller batch size, image size or model")
  }

  /// The product, or the largest number where it would be larger.
  package static func product(_ factors: Int...) -> Int {
    factors.reduce(1) {
      let (product, overflow) = $0.multipliedReportingOverflow(by: $1)
      return overflow ? .max : product
    }
  }

  /// `3.1 GiB`, `512 MiB`.
  private static func size(_ bytes: Int) -> String {
    let units = ["MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = Double(bytes) / 0x1p20
    var unit = 0
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return String(format: value < 10 ? "%.1f " : "%.0f ", value) + units[unit]
  }
}
