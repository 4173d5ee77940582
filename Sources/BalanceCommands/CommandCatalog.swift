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
      let isRepeating: Bool?
      let sectionTitle: String?
    }

    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// `--out`, `-q`, …
    var optionNames: [String] { (arguments ?? []).flatMap { $0.names ?? [] }.map(\.spelled) }

    /// Whether the option takes a value.
    func takesValue(_ option: String) -> Bool { argument(option)?.kind == "option" }

    /// Whether the option says how a dataset is read, and takes one value.
    func isSingleReading(_ option: String) -> Bool {
      argument(option).map {
        $0.kind == "option" && $0.isRepeating == false
          && IndexOptions.readingSections.contains($0.sectionTitle ?? "")
      } ?? false
    }

    private func argument(_ option: String) -> Argument? {
      arguments?.first { ($0.names ?? []).contains { $0.spelled == option } }
    }
  }

  private let command: Command

  /// nil where the parser describes itself in another way than is known here.
  static func load() -> CommandCatalog? {
    try? JSONDecoder().decode(CommandCatalog.self, from: Data(Balance._dumpHelp().utf8))
  }

  var root: Command { command }
  var commands: [Command] { command.subcommands ?? [] }

  /// The command of this name; the program itself where there is none.
  func command(_ name: String?) -> Command {
    commands.first { $0.commandName == name } ?? root
  }
}
