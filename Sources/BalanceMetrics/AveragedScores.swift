/// Precision, recall and F1, averaged over classes.
public struct AveragedScores: Codable, Hashable, Sendable {
  public let precision: Double
  public let recall: Double
  public let f1: Double

  /// The mean of the scores of the classes that occur, each counted once; 0 where none does.
  static func macro(_ classes: [ClassScores]) -> AveragedScores {
    weighted(classes) { $0.occurs ? 1 : 0 }
  }

  /// The mean of the classes' scores, each class counted by its support.
  static func supportWeighted(_ classes: [ClassScores]) -> AveragedScores {
    weighted(classes) { Double($0.support) }
  }

  /// From TP, FP and FN summed over the classes; equals the accuracy where, as here, every image
  /// has one label and one prediction out of the same list.
  static func micro(_ confusion: ConfusionMatrix) -> AveragedScores {
    let share = ratio(confusion.correct, confusion.total)
    return AveragedScores(precision: share, recall: share, f1: share)
  }

  private static func weighted(_ classes: [ClassScores], by weight: (ClassScores) -> Double)
    -> AveragedScores
  {
    let total = classes.reduce(0) { $0 + weight($1) }
    func mean(_ score: (ClassScores) -> Double) -> Double {
      total == 0 ? 0 : classes.reduce(0) { $0 + weight($1) * score($1) } / total
    }
    return AveragedScores(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
  }
}
