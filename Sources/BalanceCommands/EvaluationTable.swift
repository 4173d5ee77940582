import BalanceCore
import BalanceMetrics
import Foundation

/// An evaluation as an aligned table for a terminal.
enum EvaluationTable {
  static func text(_ evaluation: Evaluation) -> String {
    var table = TextTable(["class", "train", "test", "precision", "recall", "F1"])
    for scores in evaluation.classes {
      table.add([
        scores.name, scores.trainingCount.map(String.init) ?? "",
        "\(scores.support)", NumberText.fixed(scores.precision), NumberText.fixed(scores.recall),
        NumberText.fixed(scores.f1),
      ])
    }
    let interval = evaluation.accuracyInterval
    var lines = [
      "  macro F1           \(NumberText.fixed(evaluation.macro.f1))",
      "  accuracy           \(NumberText.fixed(evaluation.accuracy))  of \(evaluation.count) images, "
        + "95 % interval \(NumberText.fixed(interval.lower)) to \(NumberText.fixed(interval.upper))",
    ]
    if let weighted = evaluation.priorWeightedAccuracy {
      lines.append(
        "                     \(NumberText.fixed(weighted))  at the training set's class frequencies"
      )
    }
    lines += [
      "  balanced accuracy  \(NumberText.fixed(evaluation.balancedAccuracy))",
      "  calibration error  \(NumberText.fixed(evaluation.ece))",
    ]
    let absent = evaluation.absentClasses
    if !absent.isEmpty {
      let names = absent.prefix(5).map { "'\(Printable.line($0))'" }.joined(separator: ", ")
      lines.append(
        TextTable.wrapped(
          "macro F1 leaves out \(absent.count) of \(evaluation.classes.count) classes, without test "
            + "images and never predicted: " + names
            + (absent.count > 5 ? " and \(absent.count - 5) more" : ""), indent: 2
        ).trimmingCharacters(in: .newlines))
    }
    return table.text + "\n" + lines.joined(separator: "\n")
  }
}
