public import BalanceCore
import BalanceDatasets
public import Foundation

/// What it takes to go on with a run that was cut off: `origin.json`, written when the run begins.
public struct RunOrigin: Codable, Hashable, Sendable {
  /// The dataset's folder.
  public var dataset: String
  /// Its index.
  public var index: String
  public var split: String
  public var allowLeak: Bool
  /// As in `RunRecord`; the run goes on only under the same.
  public var settings: [String: String]
  public var splitHash: String
  public var classNames: [String]
  /// As in `DataIdentity`.
  public var imagesHash: String
  /// As in `DataIdentity`; nil in runs of earlier versions.
  public var groupsHash: String?
  public var started: Date
  public var machine: RunRecord.Machine

  /// - Throws: `BalanceError` where a folder is no unfinished run.
  public init(reading folder: URL) throws(BalanceError) {
    let place = folder.appendingPathComponent(RunFolder.File.origin.rawValue)
    guard let data = try? RegularFile.read(place) else {
      throw BalanceError(
        .noInput,
        "is not the folder of a run that was begun (it has no \(place.lastPathComponent))",
        at: folder.path, remedy: "name the folder that 'balance train --out' wrote")
    }
    guard let origin = try? CanonicalJSON.decode(RunOrigin.self, from: data) else {
      throw BalanceError(
        .data, "is damaged or was written by another version", at: place.path,
        remedy: "start the run again with --force")
    }
    self = origin
  }

  init(_ run: TrainingRun, threads: Int) {
    let data = run.data.dataset
    dataset = data.root.path
    index = data.index.path
    split = data.splitName
    allowLeak = !data.allowedLeaks.isEmpty
    settings = run.settings
    splitHash = data.identity.splitHash
    classNames = data.identity.classNames
    imagesHash = data.identity.imagesHash
    groupsHash = data.identity.groupsHash
    started = Date()
    machine = .current(threads: threads)
  }

  /// The data that the run sees.
  var data: DataIdentity {
    DataIdentity(
      classNames: classNames, splitHash: splitHash, imagesHash: imagesHash, groupsHash: groupsHash)
  }

  /// The same origin of the same images, where they are now.
  func moved(to data: TrainingData) -> RunOrigin {
    var origin = self
    origin.dataset = data.root.path
    origin.index = data.index.path
    return origin
  }

  /// Whether it is this run that was begun.
  public func fits(_ run: TrainingRun) -> Bool {
    TrainingRun.decisive(settings)
      == TrainingRun.decisive(run.settings)
      && data.matches(run.data.dataset.identity)
  }

  /// Refuses to go on with another run than was begun.
  ///
  /// - Throws: `BalanceError` with code `data`, naming what differs.
  func check(_ run: TrainingRun, at folder: URL) throws(BalanceError) {
    func other(_ what: String) -> BalanceError {
      BalanceError(
        .data, "cannot go on: since the run was begun, \(what)", at: folder.path,
        remedy: "restore what it was, or start the run again with --force")
    }
    let then = TrainingRun.decisive(settings)
    let now = TrainingRun.decisive(run.settings)
    for name in Set(then.keys).union(now.keys).sorted() where then[name] != now[name] {
      let (old, new) = (then[name] ?? "nothing", now[name] ?? "nothing")
      throw other("the setting '\(name)' has become '\(new)' (it was '\(old)')")
    }
    if let change = change(of: run.data.dataset, in: folder) { throw other(change) }
  }

  /// What a dataset has changed in since the run in `folder` was begun, in words; nil where
  /// nothing.
  package func change(of data: TrainingData, in folder: URL) -> String? {
    DataChange.text(since: self.data, in: folder, to: data)
  }

  /// What may make the rest of the run differ in its last bits from an uninterrupted one; nil where
  /// nothing does.
  func note(on machine: RunRecord.Machine) -> String? {
    var changes: [String] = []
    if machine.threads != self.machine.threads {
      changes.append("\(machine.threads) threads instead of \(self.machine.threads)")
    }
    if machine.instructionSet != self.machine.instructionSet {
      changes.append("\(machine.instructionSet) instead of \(self.machine.instructionSet)")
    }
    for (name, version) in machine.versions.sorted(by: { $0.key < $1.key })
    where version != self.machine.versions[name] {
      changes.append("\(name) \(version) instead of \(self.machine.versions[name] ?? "none")")
    }
    guard !changes.isEmpty else { return nil }
    return "the run goes on with \(changes.joined(separator: ", ")): its last bits may differ from "
      + "an uninterrupted run's"
  }
}
