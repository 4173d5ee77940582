/// Which images are drawn, and how mistakes count.
extension TrainingSetting {
  static let remedies = [
    spelled("strategy", .remedy, "How often images of each class are drawn", \.remedy.strategy),
    epoch(
      "defer-strategy", .remedy,
      "From this epoch on images are drawn by the strategy; before it each comes once",
      \.remedy.strategyFrom, absent: "none"),
    spelled("loss", .remedy, "How mistakes count", \.remedy.loss),
    spelled(
      "class-weights", .remedy, "How much each class counts in the loss", \.remedy.classWeighting,
      valueName: "weights"),
    epoch(
      "defer-weights", .remedy,
      "From this epoch on class weights hold; before it all images count alike",
      \.remedy.weightsFrom,
      absent: "none"),
  ]
}
