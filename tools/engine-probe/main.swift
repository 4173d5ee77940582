import BalanceCore
import BalanceNetworks
import Foundation

func folder(_ words: [String]) -> ProbeFolder { ProbeFolder(url: URL(fileURLWithPath: words[0])) }

// Drives the engine for the scripts in tools/: `models`, `train`, `model`, `export`, `losses`
// and `weights` for witnesses, `step`, `infer` and `loop` for benchmarks.
do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  let rest = Array(arguments.dropFirst())
  switch arguments.first {
  case "models" where rest.isEmpty: print(ModelCatalog.names.joined(separator: "\n"))
  case "train" where rest.count == 1: try TrainingProbe.run(folder(rest))
  case "model" where rest.count == 1: try ModelProbe.run(folder(rest))
  case "export" where rest.count == 1: try ExportProbe.run(folder(rest))
  case "losses" where rest.count == 1: try LossProbe.run(folder(rest))
  case "weights" where rest.count == 2:
    try WeightsProbe.run(URL(fileURLWithPath: rest[0]), into: folder(Array(rest.dropFirst())))
  case "loop" where rest.count == 2:
    try LoopProbe.run(model: rest[0], rounds: Int(rest[1]) ?? 1)
  case "step": try StepProbe.run(TimedProblem(rest))
  case "infer": try InferenceProbe.run(TimedProblem(rest))
  default:
    throw BalanceError(
      .usage, "unknown arguments",
      remedy:
        "engine-probe models, train|model|export|losses FOLDER, weights FILE FOLDER, loop MODEL ROUNDS, or step|infer "
        + "MODEL BATCH SIDE THREADS PRECISION")
  }
} catch {
  FileHandle.standardError.write(Data("engine-probe: \(error)\n".utf8))
  exit(1)
}
