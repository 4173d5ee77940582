import Foundation

// Drives optimizers and schedules for tools/verify. Both commands read problem.json in a folder.
do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  guard arguments.count == 2, ["steps", "rates"].contains(arguments[0]) else {
    throw ProbeError(description: "usage: optimizer-probe steps|rates FOLDER")
  }
  let folder = URL(fileURLWithPath: arguments[1])
  if arguments[0] == "steps" {
    try StepsProbe.run(folder: folder)
  } else {
    try RatesProbe.run(folder: folder)
  }
} catch {
  FileHandle.standardError.write(Data("optimizer-probe: \(error)\n".utf8))
  exit(1)
}

struct ProbeError: Error, CustomStringConvertible {
  let description: String
}
