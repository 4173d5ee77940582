public import BalanceCore

/// A loss recipe with its spelling: `cross-entropy`, `focal:1.5`.
public struct LossSpecification: Spelled {
  public let recipe: any LossRecipe

  public init(_ recipe: some LossRecipe) { self.recipe = recipe }

  /// What can be named on the command line and in manifests.
  public static let catalog: [any LossRecipe.Type] = [
    CrossEntropyRecipe.self, FocalRecipe.self, ClassBalancedFocalRecipe.self,
    LabelSmoothingRecipe.self, OthersSmoothingRecipe.self, LabelAwareSmoothingRecipe.self,
    LDAMRecipe.self, LogitAdjustedRecipe.self, BalancedSoftmaxRecipe.self,
    VectorScalingRecipe.self, SeesawRecipe.self, PolyRecipe.self,
  ]

  public static let grammar = Grammar("loss", catalog.map { form(of: $0) })

  private static func form<R: LossRecipe>(of _: R.Type) -> SpelledForm<LossSpecification> {
    R.form.map({ LossSpecification($0) }, down: { $0.recipe as? R })
  }

  /// As its recipe's form spells it, also where the recipe is none of the catalog.
  public var description: String { recipe.description }

  public static func == (a: LossSpecification, b: LossSpecification) -> Bool {
    AnyHashable(a.recipe) == AnyHashable(b.recipe)
  }

  public func hash(into hasher: inout Hasher) { recipe.hash(into: &hasher) }
}

extension LossSpecification {
  /// The loss for training images of these counts, with the class weights that it brings itself,
  /// or those that are given, or none.
  ///
  /// - Parameter weights: one a class; nil for 1.
  /// - Precondition: no weights for a loss of `weightsObstacle`.
  public func loss(counts: [Int], weights: [Double]? = nil) -> any Loss {
    precondition(weights == nil || weightsObstacle == nil, "\(self) takes no class weights")
    if case .effectiveNumber(let beta) = recipe.correction {
      return recipe.loss(
        counts: counts, weights: ClassWeighting.effectiveNumberWeights(beta: beta, counts))
    }
    return recipe.loss(counts: counts, weights: weights)
  }

  /// The loss without the class weights that it brings itself.
  func unweightedLoss(counts: [Int]) -> any Loss { recipe.loss(counts: counts, weights: nil) }

  /// The class weights that the loss brings itself; nil for none.
  public var ownWeighting: ClassWeighting? {
    switch recipe.correction {
    case .effectiveNumber(let beta): .effectiveNumber(beta: beta)
    case .none, .prior: nil
    }
  }

  /// See `LossRecipe.cosineScale`.
  public var cosineScale: Double? { recipe.cosineScale }

  /// τ of the prior that the loss adds to the logits in training; 0 for none.
  public var priorTau: Double {
    switch recipe.correction {
    case .prior(let tau): tau
    case .none, .effectiveNumber: 0
    }
  }

  /// Why the loss takes no class weights; nil where it does.
  public var weightsObstacle: String? {
    switch recipe.correction {
    case .none: nil
    case .effectiveNumber: "the loss \(self) brings its own class weights"
    case .prior:
      "the loss \(self) has the class shares in its logits: weights would correct them twice"
    }
  }

  /// Why the loss goes with no sampling that changes the class shares; nil where it does.
  public var samplingObstacle: String? {
    priorTau == 0
      ? nil
      : "the loss \(self) has the shares of the training images in its logits: sampling that "
        + "changes them would correct the imbalance twice"
  }
}
