// A loss and a sampling strategy of one's own, trained like those that come with the library:
// OwnLossAndSampler PHOTOS OUT
import Balance
import Foundation

/// Cross-entropy in which class c counts n_c^−power.
struct PowerWeighted: LossRecipe {
  let power: Double

  static let form = SpelledForm(
    "power-weighted", "cross-entropy, class c weighted by n_c^−POWER",
    .number("POWER", .from(0, to: 2), usual: 0.5),
    make: { PowerWeighted(power: $0) }, take: { $0.power })

  func loss(counts: [Int], weights: [Double]?) -> any Loss {
    CrossEntropy(weights: counts.map { $0 > 0 ? pow(Double($0), -power) : 0 })
  }

  var correction: LossCorrection { .none }
  var cosineScale: Double? { nil }
}

/// At most so many images of a class a pass.
struct Capped: Sampler {
  let most: Int

  static let form = SpelledForm(
    "capped", "at most so many draws of a class", .whole("MOST", from: 1, example: "100"),
    make: { Capped(most: $0) }, take: { $0.most })

  func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule {
    .perClass(counts.map { min($0, most) })
  }
}

var configuration = TrainingConfiguration()
configuration.remedy.loss = LossSpecification(PowerWeighted(power: 0.5))
configuration.remedy.strategy = SamplingStrategy(Capped(most: 40))
configuration.epochs = 5

let photos = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
let run = try TrainingRun(DatasetIndex.prepare(root: photos), configuration: configuration)
for audit in try run.audits() { print(audit.table()) }
let writer = try RunFolderWriter(at: URL(fileURLWithPath: CommandLine.arguments[2]))
let folder = try run.run(into: writer)
print(try folder.record().lossFingerprint)
print("macro F1", try folder.evaluation().macro.f1)
