import ArgumentParser

/// Options that start from trained weights; see `TrainingOptions`.
struct TuningOptions: ParsableArguments {
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start from these weights, a .safetensors file or a run; the last layer is made anew for "
        + "other classes.", valueName: "weights"))
  var initialWeights: String?

  @Flag(help: "Start with a new last layer all the same.")
  var newHead = false

  @Option(
    help: ArgumentHelp(
      "Leave the layers up to here as they are: none, stem, stage1, stage2, … or backbone "
        + "(default: none).", valueName: "part"))
  var freeze: String?

  @Flag(help: "Leave all batch norms and their statistics as they are.")
  var freezeBatchNorm = false

  @Option(
    help: ArgumentHelp("From this epoch on, train what --freeze has frozen.", valueName: "epoch"))
  var unfreezeAt: String?

  @Option(
    help: ArgumentHelp(
      "Factor of the last layer's learning rate (default: 1).", valueName: "factor"))
  var headRate: String?

  @Option(
    help: ArgumentHelp(
      "Factor of the other layers' learning rate (default: 1).", valueName: "factor"))
  var backboneRate: String?

  /// The settings that are given, by name.
  var given: [(String, String?)] {
    [
      ("init", initialWeights), ("new-head", newHead ? "true" : nil), ("freeze", freeze),
      ("freeze-batch-norm", freezeBatchNorm ? "true" : nil), ("unfreeze-at", unfreezeAt),
      ("head-rate", headRate), ("backbone-rate", backboneRate),
    ]
  }
}
