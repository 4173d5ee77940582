public import BalanceCore

/// One setting of a `TrainingConfiguration`: everything that options, help, manifests, run
/// descriptions, diffs and README say of it comes from here.
public struct TrainingSetting: Sendable {
  /// What settings belong together, in the order of help.
  public enum Section: String, CaseIterable, Sendable {
    case training = "Training"
    /// Of a single run; a comparison has a list.
    case seed = "Seed"
    case remedy = "Remedy"
    case optimization = "Optimizer and learning rate"
    case images = "Images"
    case tuning = "Fine-tuning"
  }

  /// As in manifests; `--name` on the command line.
  public let name: String
  public let section: Section
  /// A sentence without its full stop, with the values that there are.
  public let help: String
  /// What a value is called in usage; nil for the name.
  public let valueName: String?
  /// Whether on the command line the name alone sets it to true.
  public let isFlag: Bool
  /// What the default comes to where that needs words.
  let defaultNote: String?
  /// The forms of a value that has options; empty for one without.
  public let forms: [Form]
  let get: @Sendable (TrainingConfiguration) -> String
  let set: @Sendable (inout TrainingConfiguration, String) throws -> Void

  /// One way to write a value; see `SpelledForm`.
  public struct Form: Hashable, Sendable {
    public let usage: String
    public let summary: String
    public let options: [DescribedOption]

    /// Those of a grammar.
    static func all<Value>(of grammar: Grammar<Value>) -> [Form] {
      grammar.forms.map { Form(usage: $0.usage, summary: $0.summary, options: $0.options) }
    }
  }

  init(
    _ name: String, _ section: Section, _ help: String, valueName: String? = nil,
    isFlag: Bool = false, defaultNote: String? = nil, forms: [Form] = [],
    get: @escaping @Sendable (TrainingConfiguration) -> String,
    set: @escaping @Sendable (inout TrainingConfiguration, String) throws -> Void
  ) {
    self.name = name
    self.section = section
    self.help = help
    self.valueName = valueName
    self.isFlag = isFlag
    self.defaultNote = defaultNote
    self.forms = forms
    self.get = get
    self.set = set
  }

  /// As it is written where nothing is chosen.
  public var defaultText: String { self.get(TrainingConfiguration()) }

  /// The help with the default: `Images whose … at once (default: 128).`
  public var helpWithDefault: String {
    if isFlag { return help + "." }
    let note = defaultNote.map { defaultText == $0 ? "" : ": \($0)" } ?? ""
    return "\(help) (default: \(defaultText)\(note))."
  }

  /// In the order that manifests are written.
  public static let all: [TrainingSetting] =
    [model] + remedies + lengths + optimization + choices + images + machine + tuning + [seed]
    + [threads]

  public static var names: [String] { all.map(\.name) }
}
