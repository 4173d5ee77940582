import BalanceCore
package import Foundation

extension RunFolder {
  /// Files that observers write into a run's folder.
  package enum Companion: String, CaseIterable, Sendable {
    /// The page that follows the run.
    case report = "report.html"
    /// The validation's F1 of every class, a row an epoch.
    case course = "validation-f1.csv"

    /// What the names of TensorBoard's event files begin with, and end with.
    package static let events = (prefix: "events.out.tfevents.", suffix: ".balance")
  }

  /// Whether a run, finished or not, is there that this program began: others have files of
  /// such names too.
  static func isOfThisProgram(_ url: URL) -> Bool {
    guard isRun(url) || isUnfinished(url) else { return false }
    return has(.manifest, url) || (try? RunOrigin(reading: url)) != nil
  }

  /// Whether a path is that of a file of a run, finished or not.
  package static func owns(_ url: URL) -> Bool {
    isOwn(url.lastPathComponent) && isOfThisProgram(url.deletingLastPathComponent())
  }

  /// Whether this program gives files in a run's folder such a name: no other file is ever removed.
  static func isOwn(_ name: String) -> Bool {
    if File(rawValue: name) != nil || Companion(rawValue: name) != nil { return true }
    if isHalfWritten(name) { return true }
    let (prefix, suffix) = Companion.events
    return name.hasPrefix(prefix) && name.hasSuffix(suffix)
  }

  /// Whether it is the name under which `AtomicFile` writes one of the run's files.
  static func isHalfWritten(_ name: String) -> Bool {
    guard let name = AtomicFile.finalName(ofTemporary: name) else { return false }
    return File(rawValue: name) != nil || Companion(rawValue: name) != nil
  }
}
