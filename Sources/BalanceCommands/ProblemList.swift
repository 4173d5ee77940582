import BalanceCore
import BalanceDatasets

/// What is wrong with a dataset's files, rows and classes, for a terminal.
enum ProblemList {
  /// Those that cost an image, then the classes that are left without one, then doubts about the
  /// whole dataset, then what is used all the same. Problems of the same words are together, so
  /// that none hides another.
  ///
  /// - Parameter limit: how many different ones are shown of each.
  static func text(_ problems: [ProblemRecord], limit: Int) -> String {
    guard !problems.isEmpty else { return "" }
    var text = "\n"
    text += part(problems.filter { $0.isSkipped && !$0.kind.concernsClass }, "left out", limit)
    text += part(problems.filter(\.kind.concernsClass), "without images", limit)
    let odd = problems.filter { !$0.isSkipped }
    text += part(
      odd.filter(\.kind.isOfDataset) + odd.filter { !$0.kind.isOfDataset }, "used, but odd", limit)
    return text
  }

  private static func part(_ problems: [ProblemRecord], _ title: String, _ limit: Int) -> String {
    guard !problems.isEmpty else { return "" }
    let groups = groups(problems)
    var text = "\(NumberText.grouped(problems.count)) \(title):\n"
    for group in groups.prefix(limit) {
      let paths = group.prefix(3).map(\.path).joined(separator: ", ")
      let others = group.count - 3
      let more = others > 0 ? " and \(NumberText.grouped(others)) more" : ""
      text += TextTable.wrapped("\(paths)\(more) (\(group[0].kind.rawValue))", indent: 2)
      text += TextTable.wrapped("\(group[0].message); \(group[0].remedy)", indent: 4)
    }
    let hidden = groups.dropFirst(limit).reduce(0) { $0 + $1.count }
    if hidden > 0 { text += "  and \(NumberText.grouped(hidden)) more; --json lists all\n" }
    return text
  }

  /// Problems of the same kind and words, in the order of the first of each.
  private static func groups(_ problems: [ProblemRecord]) -> [[ProblemRecord]] {
    var places: [[String]: Int] = [:]
    var groups: [[ProblemRecord]] = []
    for problem in problems {
      let words = [problem.kind.rawValue, problem.message, problem.remedy]
      if let place = places[words] {
        groups[place].append(problem)
      } else {
        places[words] = groups.count
        groups.append([problem])
      }
    }
    return groups
  }
}
