import BalanceComparisons
import BalanceCore
import BalanceTraining
import Foundation

/// What is said of runs and arms that are not simply trained.
extension Experiment {
  /// Which runs cannot be used again, since they saw other data or were changed themselves.
  static func notes(on states: [RunPlan.State]) -> [String] {
    var counts: [String: Int] = [:]
    for state in states {
      switch state {
      case .open, .done: continue
      case .stale(let change): counts["the data have changed: \(change)", default: 0] += 1
      case .altered(let file): counts["\(file) is not what the run wrote", default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { reason, count in
      NumberText.counted(count, "run is", "runs are") + " trained again, since \(reason)"
    }
  }

  /// That runs are in the folder which are no part of this comparison; nil where there are none.
  func others(than plans: [RunPlan]) -> String? {
    let runs = folder.appendingPathComponent("runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
    let planned = Set(plans.map(\.url.lastPathComponent))
    let count = names.count {
      !planned.contains($0) && RunFolder.isRun(runs.appendingPathComponent($0))
    }
    guard count > 0 else { return nil }
    return NumberText.counted(count, "other run is", "other runs are")
      + " in \(runs.relativePath), of other settings or another split, and "
      + (count == 1 ? "is" : "are") + " not compared"
  }

  /// Names a run that diverged.
  static func warn(of record: RunRecord, _ progress: any ProgressReporter) {
    guard let divergence = record.divergence else { return }
    progress.note(
      "warning: the run \(record.name) diverged: \(divergence.reason); the others go on, and it is not "
        + "tried again unless its folder is deleted")
  }

  /// What the grid has besides the arms that are compared.
  static func alerts(_ leftOut: [ExperimentManifest.LeftOutArm]) -> [Comparison.Alert] {
    guard !leftOut.isEmpty else { return [] }
    return [
      Comparison.Alert(
        level: .note,
        title: "\(Figures.counted(leftOut.count, "arm")) of the grid left out",
        detail: leftOut.map { "\($0.name): \($0.reason)" }.joined(separator: "; ") + ".")
    ]
  }
}
