import ArgumentParser
import Foundation

/// The commands and their options, as the parser describes them.
struct CommandCatalog: Decodable {
  struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String

        var spelled: String { (kind == "long" ? "--" : "-") + name }
      }

      let kind: String
      let names: [Name]?
    }

    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// `--out`, `-q`, …
    var optionNames: [String] { (arguments ?? []).flatMap { $0.names ?? [] }.map(\.spelled) }

    /// Whether the option takes a value.
    func takesValue(_ option: String) -> Bool {
      (arguments ?? []).contains { argument in
        argument.kind == "option" && (argument.names ?? []).contains { $0.spelled == option }
      }
    }
  }

  private let command: Command

  /// nil where the parser describes itself in another way than is known here.
  static func load() -> CommandCatalog? {
    try? JSONDecoder().decode(CommandCatalog.self, from: Data(Balance._dumpHelp().utf8))
  }

  var root: Command { command }
  var commands: [Command] { command.subcommands ?? [] }
}
