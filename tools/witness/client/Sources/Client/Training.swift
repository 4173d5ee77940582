import Balance
import Foundation

struct Scaled: LossRecipe {
  let factor: Double
  static let form = SpelledForm(
    "scaled", "cross-entropy, all classes weighted alike", .number("FACTOR", .above(0), usual: 1),
    make: { Scaled(factor: $0) }, take: { $0.factor })
  func loss(counts: [Int], weights: [Double]?) -> any Loss {
    CrossEntropy(weights: counts.map { _ in factor })
  }
  var correction: LossCorrection { .none }
  var cosineScale: Double? { nil }
}

func train(_ photos: URL, _ loss: LossSpecification, out: URL) throws -> RunFolder {
  var configuration = TrainingConfiguration()
  (configuration.remedy.loss, configuration.epochs) = (loss, 2)
  let run = try TrainingRun(DatasetIndex.prepare(root: photos), configuration: configuration)
  return try run.run(into: RunFolderWriter(at: out.appendingPathComponent("\(loss)")))
}
