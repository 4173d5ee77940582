/// Where long work says how far it is. The terminal shows a rate and the time left; tests record.
public protocol ProgressReporter: Sendable {
  /// Work begins: `total` units of `unit` ("files", "images", "steps"), or nil if unknown.
  func begin(_ title: String, total: Int?, unit: String)
  /// `count` more units are done. May be called from any thread.
  func advance(by count: Int)
  /// The work that began last has ended.
  func end()
  /// One line worth keeping on the screen.
  func note(_ text: String)
  /// Lines worth keeping that belong together, such as those of a table.
  func note(lines: [String])
}

extension ProgressReporter {
  public func note(lines: [String]) {
    for line in lines { note(line) }
  }
}

/// Says nothing.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func begin(_ title: String, total: Int?, unit: String) {}
  public func advance(by count: Int) {}
  public func end() {}
  public func note(_ text: String) {}
}
