public import BalanceCore

/// Which loss holds in which epoch: class weights from the beginning, or deferred (DRW), so that
/// features are learnt from all images alike before the rare classes get their weight.
///
/// Source: Cao et al., *Learning imbalanced datasets with label-distribution-aware margin loss*,
/// NeurIPS 2019, section 3.4; its 160 of 200 epochs without weights are `weightsFrom` 161.
public struct LossSchedule: Hashable, Sendable {
  public let loss: LossSpecification
  public let weighting: ClassWeighting
  /// The first epoch, counted from 1, in which the class weights hold; nil for all epochs.
  public let weightsFrom: Int?

  /// - Throws: `BalanceError` with code `usage`, at the setting that does not fit the others:
  ///   class weights on a loss that has the class shares in its logits or brings its own weights,
  ///   and a deferral of weights that there are not.
  public init(_ loss: LossSpecification, weighting: ClassWeighting = .none, weightsFrom: Int? = nil)
    throws(BalanceError)
  {
    if weighting != .none, let obstacle = loss.weightsObstacle {
      throw BalanceError(
        .usage, obstacle, at: "class-weights", remedy: "leave them out, or take another loss")
    }
    if let weightsFrom {
      guard weighting != .none || loss.ownWeighting != nil else {
        throw BalanceError(
          .usage, "there are no class weights to defer", at: "defer-weights",
          remedy: "give class weights, such as effective-number")
      }
      precondition(weightsFrom >= 1, "epochs count from 1")
    }
    self.loss = loss
    self.weighting = weighting
    self.weightsFrom = weightsFrom
  }

  /// The weights that the loss has once it has them, its own or the given ones.
  public var fullWeighting: ClassWeighting { loss.ownWeighting ?? weighting }

  /// Whether class weights hold in an epoch, counted from 0; the last ones hold for good.
  public func isWeighted(inEpoch epoch: Int) -> Bool {
    fullWeighting != .none && weightsFrom.map { epoch + 1 >= $0 } ?? true
  }

  /// The loss of an epoch, counted from 0.
  ///
  /// - Throws: `BalanceError` for weights that do not fit the classes.
  public func loss(_ counts: ClassCounts, epoch: Int) throws(BalanceError) -> any Loss {
    guard isWeighted(inEpoch: epoch) else {
      return loss.unweightedLoss(counts: counts.counts)
    }
    return loss.loss(counts: counts.counts, weights: try weighting.weights(for: counts))
  }

  /// What all epochs' losses are, as one line.
  ///
  /// - Throws: as `loss(_:epoch:)`.
  public func fingerprint(_ counts: ClassCounts) throws(BalanceError) -> String {
    guard let weightsFrom, weightsFrom > 1 else {
      return try loss(counts, epoch: 0).fingerprint
    }
    let (before, after) = (
      try loss(counts, epoch: 0).fingerprint,
      try loss(counts, epoch: weightsFrom - 1).fingerprint
    )
    return "before epoch \(weightsFrom): \(before); from it on: \(after)"
  }
}
