import BalanceCore
import Foundation

// Drives the engine for the scripts in tools/: `train` and `model` for witnesses, `step` and `infer` for
// benchmarks.
do {
  let arguments = CommandLine.arguments
  switch arguments.dropFirst().first {
  case "train" where arguments.count == 3:
    try TrainingProbe.run(folder: URL(fileURLWithPath: arguments[2]))
  case "model" where arguments.count == 3:
    try ModelProbe.run(folder: URL(fileURLWithPath: arguments[2]))
  case "step" where arguments.count == 6:
    try StepProbe.run(
      model: arguments[2], batch: Int(arguments[3]) ?? 0, side: Int(arguments[4]) ?? 0,
      threads: Int(arguments[5]) ?? 0)
  case "infer" where arguments.count == 6:
    try InferenceProbe.run(
      model: arguments[2], batch: Int(arguments[3]) ?? 0, side: Int(arguments[4]) ?? 0,
      threads: Int(arguments[5]) ?? 0)
  default:
    throw BalanceError(
      .usage, "unknown arguments",
      remedy: "engine-probe train|model FOLDER, or engine-probe step|infer MODEL BATCH SIDE THREADS"
    )
  }
} catch {
  FileHandle.standardError.write(Data("engine-probe: \(error)\n".utf8))
  exit(1)
}
