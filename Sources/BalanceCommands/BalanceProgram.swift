import ArgumentParser
import BalanceCore
import Foundation
import Training

/// The program: parses, runs, and turns whatever goes wrong into one line and an exit code.
public enum BalanceProgram {
  public static func main() -> Never {
    Interruption.install()
    do {
      var command = try Balance.parseAsRoot()
      try command.run()
      Balance.exit()
    } catch let stopped as StoppedRun {
      StandardError.write("balance: \(stopped.text)\n")
      exit(Interruption.exitCode)
    } catch let error as BalanceError {
      stop(error.description, code: error.code.rawValue)
    } catch {
      // The parser's own errors, help and version texts, and exit codes keep their behaviour;
      // anything else comes from a library and gets one line.
      let code = Balance.exitCode(for: error)
      if code != .failure || error is ExitCode { Balance.exit(withError: error) }
      let text = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      stop(text, code: BalanceError.Code.software.rawValue)
    }
  }

  private static func stop(_ text: String, code: Int32) -> Never {
    StandardError.write("balance: error: \(text)\n")
    exit(code)
  }
}

/// A training that a signal has ended, and how to go on.
struct StoppedRun: Error {
  let text: String

  init(_ position: LoopPosition, goOn command: String) {
    text =
      "stopped after step \(position.step), in epoch \(position.epoch + 1); the run is saved. "
      + "Go on with: \(command)"
  }
}

/// The stream for everything that is not a result.
enum StandardError {
  static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
