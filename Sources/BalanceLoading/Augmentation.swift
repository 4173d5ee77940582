public import BalanceCore

/// Random changes of a training image that leave its class alone: stages, in the order in which
/// they are done, and after them, where there is one, a mixing of the images of a batch.
///
/// Written and read as it is spelled (`description`).
public struct Augmentation: Hashable, Sendable, CustomStringConvertible {
  public var stages: [any PixelStage]
  public var mixing: (any BatchMixing)?

  public init(_ stages: [any PixelStage] = [], mixing: (any BatchMixing)? = nil) {
    self.stages = stages
    self.mixing = mixing
  }

  /// Every draw is the image as it is.
  public static let none = Augmentation()

  /// How each stage that is built in may be written.
  public static var examples: [String] { StageCatalog.stages.map { $0.example } }

  /// `none`, or stages that are built in, each at most once, as in `crop:4,flip`.
  ///
  /// - Throws: `BalanceError` with code `usage`, with the nearest name where one is misspelled.
  public init(parsing text: String) throws(BalanceError) {
    self = .none
    if text == "none" { return }
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pieces[0])
      guard let stage = StageCatalog.stages.first(where: { $0.name == name }) else {
        throw Suggestion.unknown(
          "augmentation", name, among: ["none"] + Self.examples)
      }
      guard seen.insert(name).inserted else {
        throw BalanceError(.usage, "augmentation '\(text)' names \(name) twice")
      }
      stages.append(try stage.init(option: pieces.count > 1 ? String(pieces[1]) : nil))
    }
  }

  /// As `init(parsing:)` reads it, where all stages are built in.
  public var description: String {
    let parts = stages.map(\.description) + (mixing.map { [$0.description] } ?? [])
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// The shape of what is made of images of this shape.
  public func outputShape(of input: PixelShape) -> PixelShape {
    stages.reduce(input) { $1.outputShape(of: $0) }
  }

  public static func == (one: Augmentation, other: Augmentation) -> Bool {
    one.values == other.values
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(values) }

  private var values: [AnyHashable] {
    stages.map { AnyHashable($0) } + (mixing.map { [AnyHashable($0)] } ?? [])
  }
}

extension Augmentation: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
