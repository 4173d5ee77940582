import ArgumentParser

/// Options that say which images are drawn and how mistakes count; see `TrainingOptions`.
struct RemedyOptions: ParsableArguments {
  @Option(help: "none, undersample, weighted[:EXPONENT] or oversample (default: none)")
  var strategy: String?

  @Option(
    help: ArgumentHelp(
      "From this epoch on images are drawn by --strategy; before it each comes once.",
      valueName: "epoch"))
  var deferStrategy: String?

  @Option(
    help: ArgumentHelp(
      "cross-entropy, focal[:GAMMA], label-smoothing[:EPSILON], ldam[:MARGIN:SCALE], "
        + "balanced-softmax[:TAU], … (default: cross-entropy)", valueName: "loss"))
  var loss: String?

  @Option(
    help: ArgumentHelp(
      "none, inverse-frequency, effective-number[:BETA] or custom:W1,W2,… (default: none)",
      valueName: "weights"))
  var classWeights: String?

  @Option(
    help: ArgumentHelp(
      "From this epoch on class weights hold; before it all images count alike.",
      valueName: "epoch"))
  var deferWeights: String?

  @Option(
    help: ArgumentHelp(
      "What is done to the trained last layer: none, logit-adjustment[:TAU], tau-norm[:TAU] or "
        + "temperature (default: none).", valueName: "correction"))
  var postHoc: String?

  /// The settings that are given, by name.
  var given: [(String, String?)] {
    [
      ("strategy", strategy), ("defer-strategy", deferStrategy), ("loss", loss),
      ("class-weights", classWeights), ("defer-weights", deferWeights),
      ("post-hoc", postHoc),
    ]
  }
}
