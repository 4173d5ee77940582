import BalanceCore
import BalanceNetworks

/// Starting from trained weights.
public struct TuningSettings: Hashable, Sendable {
  /// A safetensors file or the folder of a run that the weights are taken from; nil starts with
  /// random ones.
  public var initialWeights: String?
  /// Whether the last layer starts with random weights all the same; with a frozen backbone and
  /// balanced sampling that is classifier re-training (cRT; Kang et al., ICLR 2020).
  public var renewsHead = false
  public var freezing = Freezing.none
  /// Whether every batch norm uses the running statistics of the initial weights throughout.
  public var freezesBatchNorm = false
  /// The first epoch, counted from 1, in which `freezing` no longer holds; nil for never.
  public var unfreezeAt: Int?
  /// Factor of the learning rate for the last layer. Weight decay is the same for all.
  public var headRate = 1.0
  /// Factor of the learning rate for all other layers.
  public var backboneRate = 1.0

  public init() {}

  /// The nodes that stay as they are in an epoch, counted from 0.
  ///
  /// - Throws: as `Freezing.nodes`.
  func frozenNodes(of network: Network, epoch: Int) throws(BalanceError) -> Set<Int> {
    let isThawed = unfreezeAt.map { epoch + 1 >= $0 } ?? false
    var frozen = isThawed ? [] : try freezing.nodes(of: network)
    if freezesBatchNorm {
      for (index, node) in network.nodes.enumerated() {
        if case .batchNorm = node.operation { frozen.insert(index) }
      }
    }
    return frozen
  }

  /// Refuses settings that make no sense together.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  func check(epochs: Int) throws(BalanceError) {
    func refuse(_ name: String, _ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.usage, what, at: name, remedy: remedy)
    }
    if initialWeights == nil, freezing != .none {
      throw refuse(
        "freeze", "would freeze weights that nothing has trained",
        "name trained weights with init")
    }
    if initialWeights == nil, freezesBatchNorm {
      throw refuse(
        "freeze-batch-norm", "would freeze statistics that nothing has measured",
        "name trained weights with init")
    }
    if initialWeights == nil, renewsHead {
      throw refuse(
        "new-head", "without trained weights every layer is new", "name trained weights with init")
    }
    if let unfreezeAt {
      if freezing == .none {
        throw refuse(
          "unfreeze-at", "there is nothing to unfreeze", "say what is frozen until then with freeze"
        )
      }
      if unfreezeAt > epochs {
        throw BalanceError.neverComes(epoch: unfreezeAt, of: epochs, at: "unfreeze-at")
      }
    }
    if backboneRate != 1, freezing == .backbone, unfreezeAt == nil {
      throw refuse(
        "backbone-rate", "the backbone is frozen for the whole run and has no learning rate",
        "leave it out, or unfreeze with unfreeze-at")
    }
  }
}
