// Trains on a folder of images with and without oversampling, and writes the report that compares
// the two: TrainAndReport PHOTOS OUT
import Balance
import Foundation

let photos = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
let out = URL(fileURLWithPath: CommandLine.arguments[2], isDirectory: true)

let index = try DatasetIndex.prepare(root: photos)
var runs: [RunFolder] = []
for strategy in [SamplingStrategy.none, .oversample] {
  for seed in 0..<2 as Range<UInt64> {
    var configuration = TrainingConfiguration()
    configuration.remedy.strategy = strategy
    configuration.epochs = 5
    configuration.seed = seed
    let run = try TrainingRun(index, configuration: configuration)
    let folder = out.appendingPathComponent("runs/\(strategy)-\(seed)")
    runs.append(try run.run(into: RunFolderWriter(at: folder)))
    print("\(strategy), seed \(seed): macro F1", try runs[runs.count - 1].evaluation().macro.f1)
  }
}
try ReportWriter.write(Experiment.compare(runs), title: photos.lastPathComponent, to: out)
