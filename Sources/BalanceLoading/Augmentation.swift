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

  /// The stages that can be named on the command line and in manifests.
  public static let catalog: [any PixelStage.Type] = [
    Rotation.self, PaddedCrop.self, HorizontalFlip.self,
  ]

  /// How each of them is written.
  public static let grammar = Grammar("augmentation", catalog.map { form(of: $0) })

  private static func form<S: PixelStage>(of _: S.Type) -> SpelledForm<any PixelStage> {
    S.form.map({ $0 as any PixelStage }, down: { $0 as? S })
  }

  /// `none`, or stages of the catalog with commas between, as in `crop:4,flip`.
  ///
  /// - Throws: `BalanceError` with code `usage`: an unknown name, with the one that was meant; an
  ///   option out of its range; a stage twice.
  public init(parsing text: String) throws(BalanceError) {
    self = .none
    if text == "none" { return }
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let stage = try Self.grammar.value(of: String(part))
      guard seen.insert(type(of: stage).name).inserted else {
        throw BalanceError(
          .usage, "the augmentation '\(text)' names \(type(of: stage).name) twice",
          remedy: "name it once")
      }
      stages.append(stage)
    }
  }

  /// As `init(parsing:)` reads it, where all stages are built in.
  public var description: String {
    let parts = stages.map(\.description) + (mixing.map { [$0.description] } ?? [])
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// The shape of what is made of images of this shape.
  public func outputShape(of input: ImageShape) -> ImageShape {
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
