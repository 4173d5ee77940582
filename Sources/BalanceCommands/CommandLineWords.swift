import BalanceCore

/// The words of a command line, and what is wrong with them where the parser's answer would
/// mislead.
struct CommandLineWords {
  /// As the parser takes them: a negative number belongs to the option before it, so that the
  /// option can say its range, instead of being taken for an option of its own.
  let arguments: [String]
  private let catalog: CommandCatalog?

  init(_ words: [String], catalog: @autoclosure () -> CommandCatalog? = CommandCatalog.load()) {
    guard words.contains(where: Self.isNegativeNumber), let catalog = catalog() else {
      arguments = words
      self.catalog = nil
      return
    }
    self.catalog = catalog
    let command = catalog.command(words.first)
    var joined: [String] = []
    for word in words {
      if let option = joined.last, Self.isNegativeNumber(word), command.takesValue(option) {
        joined[joined.count - 1] = "\(option)=\(word)"
      } else {
        joined.append(word)
      }
    }
    arguments = joined
  }

  /// A command or an option that is not known, with what is meant perhaps; nil where all are.
  var unknown: String? {
    guard let catalog = catalog ?? CommandCatalog.load() else { return nil }
    var words = arguments[...]
    if words.first == "help" { words = words.dropFirst().prefix(1) }
    var command = catalog.root
    if let first = words.first, !first.hasPrefix("-") {
      guard let named = catalog.commands.first(where: { $0.commandName == first }) else {
        return Self.unknownCommand(first, catalog.commands.map(\.commandName))
      }
      command = named
    }
    let known = Set(command.optionNames + Self.everywhere)
    for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("-") && word != "-" {
      guard !Self.isNegativeNumber(word) else { continue }
      let name = String(word.prefix { $0 != "=" })
      if name.hasPrefix("--") ? !known.contains(name) : !Self.areShort(name, in: known) {
        return Self.unknownOption(name, of: command, catalog)
      }
    }
    return nil
  }

  /// That a word is empty, which would be taken for the current folder; nil where none is.
  var empty: String? {
    let options = arguments.prefix { $0 != "--" }
    if let word = options.first(where: { $0.hasPrefix("--") && $0.hasSuffix("=") }) {
      return "the value of '\(word.dropLast())' is empty"
    }
    guard let index = arguments.firstIndex(of: "") else { return nil }
    let before = index > 0 ? " after '\(arguments[index - 1])'" : ""
    return "the argument\(before) is empty: check the variable that it comes from"
  }

  /// That an option is given twice which says how a dataset is read and takes one value; nil where
  /// none is. The parser keeps the last, as is usual for settings, which scripts so override; but
  /// here both are often meant.
  var repeated: String? {
    var seen: Set<String> = []
    let names = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { word in String(word.prefix { $0 != "=" }) }
    let twice = names.filter { !seen.insert($0).inserted }
    guard !twice.isEmpty, let catalog = catalog ?? CommandCatalog.load() else { return nil }
    let command = catalog.command(arguments.first)
    return twice.first(where: command.isSingleReading).map {
      "'\($0)' is given more than once, and takes one value"
    }
  }

  /// What the parser knows at any command.
  private static let everywhere = ["--help", "-h", "--version", "--help-hidden"]

  private static func isNegativeNumber(_ word: String) -> Bool {
    word.hasPrefix("-") && Double(word.prefix { $0 != "," && $0 != ":" }) != nil
  }

  /// Whether `-qh` are short options one and all.
  private static func areShort(_ name: String, in known: Set<String>) -> Bool {
    name.dropFirst().allSatisfy { known.contains("-\($0)") }
  }

  private static func unknownCommand(_ word: String, _ commands: [String]) -> String {
    let near = Suggestion.nearest(to: word, in: commands)
    return "Unknown command '\(word)'"
      + (near.map { ". Did you mean '\($0)'?" }
        ?? ". There are: \(commands.joined(separator: ", "))")
  }

  private static func unknownOption(
    _ name: String, of command: CommandCatalog.Command, _ catalog: CommandCatalog
  ) -> String {
    let others = (command.optionNames + Self.everywhere).filter { $0.hasPrefix("--") }
    let kin = others.filter { name.count > 3 && ($0.hasPrefix(name) || name.hasPrefix($0 + "-")) }
    let near = kin.isEmpty ? [Suggestion.nearest(to: name, in: others)].compactMap(\.self) : kin
    let owners = catalog.commands.filter { $0.optionNames.contains(name) }.map(\.commandName)
    var text = "Unknown option '\(name)'"
    if !owners.isEmpty {
      let asked = command.subcommands == nil ? "balance \(command.commandName)" : "balance"
      text +=
        " of '\(asked)': it is one of "
        + owners.map { "'balance \($0)'" }.joined(separator: ", ")
    }
    if !near.isEmpty {
      text += ". Did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
    }
    return text
  }
}
