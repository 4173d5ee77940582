import BalanceCore

/// A model written as a list of layers: `layers: conv 32, pool, conv 64 stride 2, global-average,
/// dropout 0.2, linear`.
///
/// A layer is a word, its number where it has one, and options by name. The first convolution or
/// block is the stem; each later one begins a stage.
struct LayerList {
  static let prefix = "layers:"

  private let layers: [ListedLayer]

  /// - Throws: `BalanceError` with code `usage`, naming the layer by its place and text.
  init(_ text: String) throws(BalanceError) {
    var layers: [ListedLayer] = []
    let parts = text.dropFirst(Self.prefix.count).split(
      separator: ",", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let layer: ListedLayer
      do { layer = try ListedLayer(String(part)) } catch {
        throw BalanceError(
          .usage, "layer \(index + 1): \(error.what)", at: error.place, remedy: error.remedy)
      }
      layers.append(layer)
    }
    guard let last = layers.last, last.makesLogits else {
      throw BalanceError(
        .usage, "a list of layers ends with 'linear' or 'cosine', which make the logits",
        remedy: "add global-average, linear")
    }
    for (index, layer) in layers.dropLast().enumerated() where layer.makesLogits {
      throw BalanceError(
        .usage, "layer \(index + 1): '\(layer.text)' makes the logits, but is not the last",
        remedy: "say how many outputs it has: linear 128")
    }
    self.layers = layers
  }

  func network(_ name: String, input: ImageShape, classes: Int) throws(BalanceError) -> Network {
    var writer = LayerListWriter(input: input)
    for (index, layer) in layers.enumerated() {
      try writer.append(
        layer, name: "layers.\(index)", classes: index == layers.count - 1 ? classes : nil)
    }
    return try writer.builder.network(name, input: input, classes: classes)
  }
}

/// One layer of a list as it was written.
struct ListedLayer {
  enum Word: String, CaseIterable {
    case convolution = "conv"
    case depthwise
    case residual
    case squeezeExcite = "squeeze-excite"
    case pool
    case averagePool = "average-pool"
    case globalAverage = "global-average"
    case dropout
    case linear
    case cosine

    /// What its number is, where it takes one.
    var number: String? {
      switch self {
      case .convolution, .residual: "filters"
      case .linear: "outputs"
      case .dropout: "rate"
      case .pool, .averagePool: "kernel"
      case .cosine: "scale"
      case .squeezeExcite: "ratio"
      case .depthwise, .globalAverage: nil
      }
    }

    var options: [String] {
      switch self {
      case .convolution: ["kernel", "stride", "dilation", "groups", "activation", "norm"]
      case .depthwise: ["kernel", "stride", "dilation", "activation", "norm"]
      case .residual: ["stride", "activation"]
      case .pool, .averagePool: ["stride", "padding"]
      case .linear: ["activation"]
      case .squeezeExcite, .globalAverage, .dropout, .cosine: []
      }
    }
  }

  let word: Word
  let text: String
  private let values: [String: String]

  init(_ text: String) throws(BalanceError) {
    var parts = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
    self.text = parts.joined(separator: " ")
    guard let first = parts.popFirst() else {
      throw BalanceError(.usage, "is empty", remedy: "remove the comma")
    }
    guard let word = Word(rawValue: first) else {
      throw Suggestion.unknown("layer", first, among: Word.allCases.map(\.rawValue))
    }
    self.word = word
    var values: [String: String] = [:]
    if let number = word.number, let next = parts.first, Double(next) != nil {
      values[number] = next
      parts.removeFirst()
    }
    while let key = parts.popFirst() {
      guard word.options.contains(key) else {
        throw Suggestion.unknown("option of '\(first)'", key, among: word.options)
      }
      guard let value = parts.popFirst() else {
        throw BalanceError(.usage, "'\(text)': \(key) has no value")
      }
      guard values.updateValue(value, forKey: key) == nil else {
        throw BalanceError(.usage, "'\(text)': \(key) is given twice")
      }
    }
    self.values = values
    try check()
  }

  var makesLogits: Bool {
    word == .cosine || word == .linear && values["outputs"] == nil && values["activation"] == nil
  }

  /// A whole number from 1 up, or `usual` where it is not given.
  func whole(_ key: String, usual: Int? = nil, from low: Int = 1) throws(BalanceError) -> Int {
    guard let text = values[key] else {
      if let usual { return usual }
      throw BalanceError(
        .usage, "'\(self.text)' lacks its \(key)", remedy: "write \(word.rawValue) 32")
    }
    let range = low...1 << 16
    guard let value = Int(text), range.contains(value) else {
      throw BalanceError(
        .usage,
        "'\(self.text)': expected \(key) to be a whole number from \(low) to \(range.upperBound)")
    }
    return value
  }

  func real(_ key: String, usual: Double? = nil) throws(BalanceError) -> Double {
    guard let value = values[key].map(Double.init) ?? usual, value.isFinite else {
      throw BalanceError(.usage, "'\(text)' lacks its \(key)", remedy: "write \(word.rawValue) 0.2")
    }
    return value
  }

  /// The activation that was asked for; nil for none.
  func activation(usual: Operation.Activation?) throws(BalanceError) -> Operation.Activation? {
    guard let text = values["activation"] else { return usual }
    if text == "none" { return nil }
    let known: [(String, Operation.Activation)] = [
      ("relu", .relu), ("relu6", .relu6), ("silu", .silu), ("hard-swish", .hardSwish),
      ("sigmoid", .sigmoid), ("hard-sigmoid", .hardSigmoid),
    ]
    guard let found = known.first(where: { $0.0 == text }) else {
      throw Suggestion.unknown("activation", text, among: known.map(\.0) + ["none"])
    }
    return found.1
  }

  /// Whether a batch norm follows.
  func hasNorm() throws(BalanceError) -> Bool {
    switch values["norm"] {
    case nil, "batch": return true
    case "none": return false
    case let other?: throw Suggestion.unknown("norm", other, among: ["batch", "none"])
    }
  }

  /// Reads every value once, so that a wrong one is found before there is an image size.
  private func check() throws(BalanceError) {
    for key in word.options {
      switch key {
      case "activation": _ = try activation(usual: nil)
      case "norm": _ = try hasNorm()
      case "padding": _ = try whole(key, usual: 0, from: 0)
      default: _ = try whole(key, usual: 1)
      }
    }
    switch word {
    case .convolution, .residual: _ = try whole("filters")
    case .pool, .averagePool: _ = try whole("kernel", usual: 2)
    case .squeezeExcite: _ = try whole("ratio", usual: 4)
    case .linear: _ = try whole("outputs", usual: 1)
    case .cosine:
      guard try real("scale", usual: 30) > 0 else {
        throw BalanceError(.usage, "'\(text)': expected a scale above 0")
      }
    case .dropout:
      guard (0..<1).contains(try real("rate")) else {
        throw BalanceError(.usage, "'\(text)': expected a rate from 0 to less than 1")
      }
    case .depthwise, .globalAverage: break
    }
  }
}
