import ArgumentParser
import BalanceCore
import BalanceMonitoring
import BalanceTraining
import Foundation

/// The program: parses, runs, and turns whatever goes wrong into one line and an exit code.
public enum BalanceProgram {
  public static func main() -> Never {
    StandardStream.prepare()
    Interruption.install()
    let words = CommandLineWords(Array(CommandLine.arguments.dropFirst()))
    do {
      // The parser would answer with the help of the program.
      if words.arguments.first == "help", let unknown = words.unknown {
        throw ValidationError(unknown)
      }
      if let wrong = words.empty ?? words.repeated { throw ValidationError(wrong) }
      var command = try Balance.parseAsRoot(words.arguments)
      try command.run()
      if let error = StandardError.lostLines { stop(error) }
      exit(EXIT_SUCCESS)
    } catch let stopped as StoppedRun {
      StandardError.tell("balance: \(stopped.text)", interrupts: false)
      exit(Interruption.exitCode)
    } catch let error as BalanceError {
      stop(error)
    } catch {
      // The parser's own errors, help and version texts, and exit codes keep their behaviour;
      // anything else comes from a library and gets one line.
      let code = Balance.exitCode(for: error)
      if code == .validationFailure {
        StandardError.write(UsageText.message(for: error, words) + "\n")
        exit(code.rawValue)
      }
      if code != .failure || error is ExitCode { stop(parser: error, code) }
      stop(BalanceError(.software, Printable.folded(error)))
    }
  }

  /// What the parser has to say: texts that were asked for on standard output, errors on the other.
  private static func stop(parser error: any Error, _ code: ExitCode) -> Never {
    let text = Balance.fullMessage(for: error)
    do throws(BalanceError) {
      if !text.isEmpty, code.isSuccess { try StandardOutput.writeLine(text) }
    } catch {
      stop(error)
    }
    if !text.isEmpty, !code.isSuccess { StandardError.write(text + "\n") }
    exit(code.rawValue)
  }

  private static func stop(_ error: BalanceError) -> Never {
    if error.code == .readerGone {
      // As with any program whose reader has seen enough.
    } else if let lines = StandardError.lines {
      try? lines.write(error)
    } else {
      StandardError.write("balance: error: \(error)\n")
    }
    exit(error.code.rawValue)
  }
}

/// A training that a signal has ended, and how to go on.
struct StoppedRun: Error {
  let text: String

  init(_ position: LoopPosition, goOn command: String) {
    let moment =
      position.isOver
      ? "stopped after the training, before its result"
      : "stopped after step \(position.step), in epoch \(position.epoch + 1)"
    text = "\(moment); the run is saved. Go on with: \(command)"
  }
}
