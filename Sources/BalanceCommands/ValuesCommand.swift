import ArgumentParser
import BalanceCore
import BalanceTraining

/// `balance values`
struct ValuesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "values",
    abstract: "List what losses, strategies, schedules, … there are, with their options.",
    discussion: """
      A value is written NAME:OPTION:OPTION. What is in brackets may be left out, options from \
      the end; they are then as said here.

      EXAMPLES:
        balance values
        balance values loss
      """)

  @Argument(help: ArgumentHelp("A setting, such as loss; all without.", valueName: "setting"))
  var setting: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let all = TrainingSetting.all.filter { !$0.forms.isEmpty }
    guard let setting else {
      let blocks = all.map { "--\($0.name)\n" + Self.text($0) }
      return try StandardOutput.write(blocks.joined(separator: "\n"))
    }
    let name = setting.hasPrefix("--") ? String(setting.dropFirst(2)) : setting
    guard let found = all.first(where: { $0.name == name }) else {
      throw Suggestion.unknown("setting", name, among: all.map(\.name))
    }
    try StandardOutput.write(Self.text(found))
  }

  /// A line a form, and one below for each of its options.
  static func text(_ setting: TrainingSetting) -> String {
    setting.forms.map { form in
      let options = form.options.map { option in
        let usual = option.usual.map { $0.isEmpty ? ", or neither" : ", else \($0)" } ?? ""
        return "      \(option.name): \(option.expected)\(usual)\n"
      }
      return "  \(form.usage)\n      \(form.summary)\n" + options.joined()
    }.joined()
  }
}
