public import BalanceCore
import BalanceMetrics
import BalanceTraining
public import Foundation

/// What two runs differ in, and what came of it.
public struct RunDifference: Codable, Hashable, Sendable {
  /// Something that is not the same in both; nil where a run does not have it.
  public struct Item: Codable, Hashable, Sendable {
    public let name: String
    public let first: String?
    public let second: String?
  }

  /// A figure of both runs; nil where a run does not have it, as one that is not finished.
  public struct Figure: Codable, Hashable, Sendable {
    public let name: String
    public let first: Double?
    public let second: Double?
  }

  /// The runs' folders.
  public let runs: [String]
  public let settings: [Item]
  /// Of the loss, the split, the classes and their counts, leaks, notes, what computed the
  /// convolutions.
  public let fingerprints: [Item]
  /// Processor, cores, threads, instruction set, versions.
  public let machine: [Item]
  /// Whether they differ or not.
  public let results: [Figure]

  public var isEmpty: Bool { settings.isEmpty && fingerprints.isEmpty && machine.isEmpty }

  /// - Throws: `BalanceError` where a folder is no run, or cannot be read.
  public init(_ first: URL, _ second: URL) throws(BalanceError) {
    let (a, b) = (try Side(first), try Side(second))
    runs = [first.relativePath, second.relativePath]
    settings = Self.items(a.settings, b.settings)
    // A run that is not finished does not know all of its own.
    let known =
      a.isFinished == b.isFinished
      ? nil : Set(a.fingerprints.keys).intersection(b.fingerprints.keys)
    fingerprints = Self.items(a.fingerprints, b.fingerprints).filter {
      known?.contains($0.name) ?? true
    }
    machine = Self.items(a.machine, b.machine)
    results = Side.figureNames.compactMap { name in
      let values = (a.figures[name], b.figures[name])
      return values.0 == nil && values.1 == nil
        ? nil : Figure(name: name, first: values.0, second: values.1)
    }
  }

  private static func items(_ a: [String: String], _ b: [String: String]) -> [Item] {
    Set(a.keys).union(b.keys).sorted().compactMap { name in
      a[name] == b[name] ? nil : Item(name: name, first: a[name], second: b[name])
    }
  }
}

/// One of the two runs.
private struct Side {
  let isFinished: Bool
  let settings: [String: String]
  var fingerprints: [String: String]
  let machine: [String: String]
  var figures: [String: Double] = [:]

  static let figureNames = [
    "accuracy", "macro F1", "balanced accuracy", "worst recall", "calibration error", "loss",
    "optimizer steps", "images drawn", "seconds",
  ]

  init(_ folder: URL) throws(BalanceError) {
    isFinished = RunFolder.isRun(folder)
    guard isFinished else {
      let origin = try Self.origin(folder)
      settings = origin.settings
      fingerprints = [
        "split hash": origin.splitHash, "images hash": origin.imagesHash,
        "classes": origin.classNames.joined(separator: ", "),
        "state": "not finished",
      ]
      machine = Self.machine(origin.machine)
      return
    }
    let run = try RunFolder(opening: folder, evenDiverged: true)
    let record = try run.record()
    let evaluation = record.divergence == nil ? try run.evaluation() : nil
    settings = record.settings
    fingerprints = [
      "loss": record.lossFingerprint, "split hash": record.splitHash,
      "classes": record.trainingCounts.names.joined(separator: ", "),
      "state": record.divergence.map { "diverged: \($0.reason)" } ?? "finished",
    ]
    for (name, count) in zip(record.trainingCounts.names, record.trainingCounts.counts) {
      fingerprints["training images of \(name)"] = "\(count)"
    }
    if let images = record.data?.imagesHash { fingerprints["images hash"] = images }
    if let evaluation { fingerprints["averages over"] = evaluation.policy.labels }
    if !record.allowedLeaks.isEmpty {
      fingerprints["allowed leaks"] = record.allowedLeaks.joined(separator: "; ")
    }
    if let notes = record.notes, !notes.isEmpty {
      fingerprints["notes"] = notes.joined(separator: "; ")
    }
    for (purpose, groups) in record.convolutions ?? [:] {
      fingerprints["convolutions in \(purpose)"] =
        groups.map { "\($0.count) by \($0.algorithm)" }.joined(separator: "; ")
    }
    machine = Self.machine(record.machine)
    figures = [
      "optimizer steps": Double(record.optimizerSteps), "images drawn": Double(record.imagesDrawn),
      "seconds": record.seconds,
    ]
    guard let evaluation else { return }
    figures["accuracy"] = evaluation.accuracy
    figures["macro F1"] = evaluation.macro.f1
    figures["balanced accuracy"] = evaluation.balancedAccuracy
    figures["worst recall"] = evaluation.worstRecall
    figures["calibration error"] = evaluation.ece
    figures["loss"] = evaluation.negativeLogLikelihood
  }

  private static func machine(_ machine: RunRecord.Machine) -> [String: String] {
    var items = [
      "processor": machine.processor, "cores": "\(machine.cores)", "threads": "\(machine.threads)",
      "instruction set": machine.instructionSet,
    ]
    for (name, version) in machine.versions { items["version of \(name)"] = version }
    return items
  }

  /// - Throws: `BalanceError` naming a run nearby whose name is meant perhaps.
  private static func origin(_ folder: URL) throws(BalanceError) -> RunOrigin {
    guard !FileManager.default.fileExists(atPath: folder.path) else {
      return try RunOrigin(reading: folder)
    }
    let parent = folder.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    let runs = names.filter { FoundRun(parent.appendingPathComponent($0), path: $0) != nil }
    let near = Suggestion.nearest(to: folder.lastPathComponent, in: runs)
    throw BalanceError(
      .noInput, "there is no such run" + (near.map { ": did you mean '\($0)'?" } ?? ""),
      at: folder.relativePath, remedy: "'balance runs' lists what there is")
  }
}
