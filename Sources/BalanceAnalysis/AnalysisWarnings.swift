import BalanceCore
import BalanceDatasets
import Foundation

/// Puts into words what a user should know before believing a figure.
struct AnalysisWarnings {
  let root: URL
  let counts: ClassCounts
  let measures: ImbalanceMeasures
  let split: SplitRecord?
  let groups: DatasetAnalysis.Groups?
  let duplicates: DatasetAnalysis.Duplicates
  let problems: [ProblemRecord]
  let wideValues: WideValues?

  /// Gravest first, and causes before what follows from them.
  var all: [String] {
    leaks + contradictions + problems.doubts + files + classes + support + depth + hints
  }

  private var leaks: [String] {
    guard let split else { return [] }
    var warnings: [String] = []
    if let groups, let first = groups.acrossRoles.first {
      let number = NumberText.counted(groups.acrossRoles.count, "group")
      warnings.append(
        "\(number) in more than one role of the split '\(split.name)' (\(first.summary)): "
          + "what is measured on them flatters the model")
    }
    if let first = duplicates.acrossRoles.first {
      let number = NumberText.counted(duplicates.acrossRoles.count, "picture")
      warnings.append(
        "\(number) in more than one role of the split '\(split.name)' (\(first.summary)): "
          + "what is measured on them flatters the model")
    }
    return warnings
  }

  private var contradictions: [String] {
    guard let first = duplicates.conflicting.first else { return [] }
    let names = first.classes.map { "'\($0)'" }.joined(separator: " and ")
    let pictures = NumberText.counted(duplicates.conflicting.count, "picture")
    return [
      "\(pictures) labelled as different classes: "
        + "\(first.paths[0].debugDescription) and its copies are \(names)"
    ]
  }

  private var classes: [String] {
    guard measures.classes > 1 else {
      return measures.classes == 1
        ? ["there is a single class, '\(counts.names[0])': a classifier needs at least two"]
        : ["there is no image that can be used"]
    }
    var warnings: [String] = []
    if measures.largestShare >= 0.5, measures.imbalanceRatio > 2, let name = measures.largestClass {
      let share = NumberText.percent(measures.largestShare, digits: 0)
      warnings.append(
        "always answering '\(name)' would be right for \(share) of the images: accuracy alone says "
          + "little, look at macro F1")
    }
    guard let split else { return warnings }
    for role in SplitRole.allCases {
      guard let part = split.counts(role), part.total > 0 else { continue }
      let absent = part.names.indices.filter { part.counts[$0] == 0 }.map { part.names[$0] }
      if !absent.isEmpty {
        warnings.append("no image in \(role.rawValue) of \(listed(absent))")
      }
    }
    return warnings
  }

  /// Half the width of the 95 % Wilson interval of a recall of one half, z / (2 √(n + z²)): the
  /// widest that it gets.
  static func halfWidth(_ n: Int) -> Double {
    let z = 1.959963984540054
    return z / (2 * (Double(n) + z * z).squareRoot())
  }

  private var support: [String] {
    guard let test = split?.counts(.test), test.total > 0 else { return [] }
    let few = test.names.indices.filter { (1..<30).contains(test.counts[$0]) }
      .sorted { test.counts[$0] < test.counts[$1] }
    guard let rarest = few.first else { return [] }
    let count = test.counts[rarest]
    let points = Int(saturating: (100 * Self.halfWidth(count)).rounded())
    let others =
      few.count > 1
      ? " (\(NumberText.counted(few.count - 1, "other class", "other classes")) also under 30)" : ""
    let images = NumberText.counted(count, "test image")
    return [
      "'\(test.names[rarest])' has \(images)\(others): its recall is known to "
        + "±\(points) points at worst"
    ]
  }

  private var files: [String] {
    let skipped = problems.filter { $0.isSkipped && !$0.kind.concernsClass }
    let empty = problems.filter(\.kind.concernsClass).map(\.path)
    var warnings: [String] = []
    if let first = skipped.first {
      warnings.append(
        "\(NumberText.counted(skipped.count, "file or row", "files or rows")) left out because of "
          + "problems, such as \(first.path.debugDescription): \(first.message)")
    }
    if !empty.isEmpty {
      warnings.append(
        "\(NumberText.counted(empty.count, "class", "classes")) without an image that can be used, and "
          + "so left out: \(listed(empty))")
    }
    return warnings
  }

  private var depth: [String] {
    wideValues.flatMap { $0.isNarrow ? [$0.warning] : nil } ?? []
  }

  private var hints: [String] {
    guard let split else {
      return measures.classes > 1 ? ["there is no split yet: make one with 'balance split'"] : []
    }
    var warnings: [String] = []
    let remedy = split.renewal(root: root).map { ": make it again with '\($0)'" } ?? ""
    if let outdated = split.outdated { warnings.append(outdated + remedy) }
    if split.outside > 0 {
      warnings.append(
        "\(NumberText.counted(split.outside, "image")) in no role of the split '\(split.name)'"
          + (split.outdated == nil ? remedy : ""))
    }
    if split.missing > 0 {
      warnings.append(
        "\(NumberText.counted(split.missing, "image")) of the split '\(split.name)' left the dataset "
          + "since it was made: its hash no longer says what is in it; what comes back to its place comes back "
          + "to its part")
    }
    if (split.counts(.val)?.total ?? 0) == 0 {
      warnings.append(
        "the split '\(split.name)' has no validation images: nothing to choose a model on but the "
          + "test set"
          + (split.origin == .generated
            ? "" : "; 'balance split --val 0.15 --keep-test' takes some from its training images"))
    }
    if split.strayed > 0 {
      warnings.append(
        "\(NumberText.counted(split.strayed, "image")) of the split '\(split.name)' in the test of it "
          + "or of the dataset, not of both" + remedy)
    }
    return warnings
  }

  private func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more classes" : shown
  }
}
