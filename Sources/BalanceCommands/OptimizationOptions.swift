import ArgumentParser

/// Options of the optimizer and of its learning rate; see `TrainingOptions`.
struct OptimizationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "sgd, nesterov, or adam, adamw, adamp, adamp-nesterov with :BETA1:BETA2:EPSILON "
        + "(default: sgd)", valueName: "rule"))
  var optimizer: String?

  @Option(help: "Learning rate before its schedule (default: 0.1, for Adam and its kin 0.001).")
  var lr: String?

  @Option(help: "Momentum of SGD (default: 0.9).")
  var momentum: String?

  @Option(help: "Weight decay (default: 0.0005).")
  var weightDecay: String?

  @Option(
    help: ArgumentHelp(
      "Parameters without weight decay: none or norms-and-biases (default: none).",
      valueName: "group"))
  var noDecay: String?

  @Option(
    help: ArgumentHelp(
      "Clip gradients: none, norm:BOUND over all of them, or value:BOUND for each (default: none).",
      valueName: "bound"))
  var clip: String?

  @Option(
    help: ArgumentHelp(
      "Evaluate and save the moving average of the weights with this decay, such as 0.999; with "
        + ":copy batch norms' statistics are not averaged (default: none).", valueName: "decay"))
  var ema: String?

  @Option(
    help: ArgumentHelp(
      "constant, step:EVERY:FACTOR, multistep:AT,AT:FACTOR, cosine, cosine-restarts:PERIOD, "
        + "polynomial:POWER, one-cycle or reduce-on-plateau (default: cosine)"))
  var schedule: String?

  @Option(
    help: ArgumentHelp(
      "What the schedule counts: epoch or step (default: epoch).", valueName: "unit"))
  var scheduleBy: String?

  @Option(
    help: ArgumentHelp(
      "Rise to the schedule's rate over this time: none, epochs:5 or steps:500 (default: none).",
      valueName: "time"))
  var warmUp: String?

  /// The settings that are given, by name.
  var given: [(String, String?)] {
    [
      ("optimizer", optimizer), ("lr", lr), ("momentum", momentum), ("weight-decay", weightDecay),
      ("no-decay", noDecay), ("clip", clip), ("ema", ema), ("schedule", schedule),
      ("schedule-by", scheduleBy), ("warm-up", warmUp),
    ]
  }
}
