/// Starting from trained weights.
extension TrainingSetting {
  static let tuning = [
    TrainingSetting(
      "init", .tuning,
      "Start from these weights, a .safetensors or .pth file or a run; the last layer is new "
        + "for other classes", valueName: "weights",
      get: { $0.tuning.initialWeights ?? "none" },
      set: { $0.tuning.initialWeights = $1 == "none" ? nil : $1 }),
    flag("new-head", .tuning, "Start with a new last layer all the same", \.tuning.renewsHead),
    spelled(
      "freeze", .tuning, "Leave the layers up to here as they are", \.tuning.freezing,
      valueName: "part"),
    flag(
      "freeze-batch-norm", .tuning, "Leave all batch norms and their statistics as they are",
      \.tuning.freezesBatchNorm),
    epoch(
      "unfreeze-at", .tuning, "From this epoch on, train what is frozen", \.tuning.unfreezeAt,
      absent: "never"),
    real(
      "head-rate", .tuning, "Factor of the last layer's learning rate", \.tuning.headRate,
      in: 1e-6...1e6,
      valueName: "factor"),
    real(
      "backbone-rate", .tuning, "Factor of the other layers' learning rate", \.tuning.backboneRate,
      in: 1e-6...1e6, valueName: "factor"),
  ]
}
