import BalanceCore
import Foundation

// Drives the engine for the scripts in tools/: `train` and `model` for witnesses, `step` and
// `infer` for benchmarks.
do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  let rest = Array(arguments.dropFirst())
  switch arguments.first {
  case "train" where rest.count == 1: try TrainingProbe.run(folder: URL(fileURLWithPath: rest[0]))
  case "model" where rest.count == 1: try ModelProbe.run(folder: URL(fileURLWithPath: rest[0]))
  case "step": try StepProbe.run(TimedProblem(rest))
  case "infer": try InferenceProbe.run(TimedProblem(rest))
  default:
    throw BalanceError(
      .usage, "unknown arguments",
      remedy: "engine-probe train|model FOLDER, or engine-probe step|infer MODEL BATCH SIDE "
        + "THREADS PRECISION")
  }
} catch {
  FileHandle.standardError.write(Data("engine-probe: \(error)\n".utf8))
  exit(1)
}
