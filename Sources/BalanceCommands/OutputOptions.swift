import ArgumentParser
import BalanceCore

/// How much a command says while it works.
struct OutputOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing but results and errors.")
  var quiet = false

  var progress: TerminalProgress { TerminalProgress(quiet: quiet) }
}
