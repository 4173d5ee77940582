/// What is known of an option of a spelled value whatever its type.
public struct DescribedOption: Hashable, Sendable {
  /// `GAMMA`.
  public let name: String
  /// `a number from 0`.
  public let expected: String
  /// What it is where it is left out; nil where it must be there.
  public let usual: String?
  let example: String
}

/// Where a form's name is.
public enum FormNaming: Hashable, Sendable {
  /// `name:option`.
  case name
  /// `name:option`; when reading, an option that begins like a number may be alone.
  case bare
  /// Before the first option without a colon: `stage2`.
  case glued
  /// Nowhere: the options are alone, and the first begins like a number.
  case none
}

/// One way that values of a kind are written: a name, and options behind it.
public struct SpelledForm<Value: Sendable>: Sendable {
  public let name: String
  public let naming: FormNaming
  /// What the form is, in a few words, for help.
  public let summary: String
  /// How the options are written, in their order.
  public let options: [DescribedOption]
  let read: @Sendable ([String], _ kind: String) throws(BalanceError) -> Value
  /// Nil for a value that is not of this form.
  let spelling: @Sendable (Value) -> String?

  /// - Parameters:
  ///   - summary: in a few words, for help.
  ///   - make: the value with these options.
  ///   - take: the options of a value of this form, nil for any other value.
  public init<each Part: Hashable & Sendable>(
    _ name: String, _ summary: String, naming: FormNaming = .name,
    _ options: repeat SpelledOption<each Part>,
    make: @escaping @Sendable (repeat each Part) -> Value,
    take: @escaping @Sendable (Value) -> (repeat each Part)?
  ) {
    self.name = name
    self.naming = naming
    self.summary = summary
    let options = (repeat each options)
    var described: [DescribedOption] = []
    repeat described.append((each options).described)
    self.options = described
    let names = OptionReader.Names(
      form: name, naming: naming, usage: Self.usage(name, naming, described),
      example: Self.example(name, naming, described))
    read = { (texts, kind) throws(BalanceError) in
      let reader = OptionReader(texts, of: kind, names)
      let value = make(repeat try reader.next(each options))
      try reader.finish()
      return value
    }
    spelling = { value in
      guard let parts = take(value) else { return nil }
      var texts: [(text: String, isUsual: Bool)] = []
      repeat texts.append((each options).text(of: each parts))
      while let last = texts.last, last.isUsual { texts.removeLast() }
      return Self.joined(name, naming, texts.map(\.text))
    }
  }

  /// `step:EPOCHS[:GAMMA]`, `[norm:]BOUND`; what is in brackets may be left out, options from the
  /// end.
  public var usage: String { Self.usage(name, naming, options) }

  /// With what cannot be left out: `step:30`.
  public var example: String { Self.example(name, naming, options) }

  /// Whether options may come without the name.
  var isBare: Bool { naming == .bare || naming == .none }

  private static func usage(_ name: String, _ naming: FormNaming, _ options: [DescribedOption])
    -> String
  {
    let required = options.prefix { $0.usual == nil }
    let rest = options.dropFirst(required.count)
    let names = required.map(\.name)
    let isWithout = naming == .bare && !names.isEmpty
    return (isWithout ? "[\(name):]" + names.joined(separator: ":") : joined(name, naming, names))
      + (rest.isEmpty ? "" : "[:\(rest.map(\.name).joined(separator: ":"))]")
  }

  private static func example(_ name: String, _ naming: FormNaming, _ options: [DescribedOption])
    -> String
  {
    joined(name, naming, options.prefix { $0.usual == nil }.map(\.example))
  }

  private static func joined(_ name: String, _ naming: FormNaming, _ options: [String]) -> String {
    switch naming {
    case .name, .bare: ([name] + options).joined(separator: ":")
    case .glued: name + options.joined(separator: ":")
    case .none: options.joined(separator: ":")
    }
  }
}

extension SpelledForm {
  /// A form of one value, written by its name alone.
  public init(_ name: String, _ summary: String, is value: Value) where Value: Hashable {
    self.init(name, summary, make: { value }, take: { $0 == value ? () : nil })
  }
}

extension SpelledForm {
  /// The same form of a type that `Value` is a part of.
  ///
  /// - Parameter down: nil for a value of another form.
  public func map<Whole: Sendable>(
    _ up: @escaping @Sendable (Value) -> Whole, down: @escaping @Sendable (Whole) -> Value?
  ) -> SpelledForm<Whole> {
    let (read, spelling) = (read, spelling)
    let readWhole: @Sendable ([String], String) throws(BalanceError) -> Whole = {
      (texts, kind) throws(BalanceError) in up(try read(texts, kind))
    }
    let spellWhole: @Sendable (Whole) -> String? = { whole in
      guard let value = down(whole) else { return nil }
      return spelling(value)
    }
    return SpelledForm<Whole>(
      name: name, naming: naming, summary: summary, options: options, read: readWhole,
      spelling: spellWhole)
  }

  init(
    name: String, naming: FormNaming, summary: String, options: [DescribedOption],
    read: @escaping @Sendable ([String], String) throws(BalanceError) -> Value,
    spelling: @escaping @Sendable (Value) -> String?
  ) {
    self.name = name
    self.naming = naming
    self.summary = summary
    self.options = options
    self.read = read
    self.spelling = spelling
  }
}
