public import BalanceCore

/// A sampler with its spelling: `none`, `weighted:0.5`.
public struct SamplingStrategy: Spelled {
  public let sampler: any Sampler

  public init(_ sampler: some Sampler) { self.sampler = sampler }

  /// What can be named on the command line and in manifests.
  public static let catalog: [any Sampler.Type] = [
    NaturalSampling.self, Undersampling.self, WeightedSampling.self, Oversampling.self,
    ProgressiveSampling.self,
  ]

  public static let grammar = Grammar("sampling strategy", catalog.map { form(of: $0) })

  private static func form<S: Sampler>(of _: S.Type) -> SpelledForm<SamplingStrategy> {
    S.form.map({ SamplingStrategy($0) }, down: { $0.sampler as? S })
  }

  /// As its sampler's form spells it, also where the sampler is none of the catalog.
  public var description: String { sampler.description }

  public static func == (a: SamplingStrategy, b: SamplingStrategy) -> Bool {
    AnyHashable(a.sampler) == AnyHashable(b.sampler)
  }

  public func hash(into hasher: inout Hasher) { sampler.hash(into: &hasher) }
}
