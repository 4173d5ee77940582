extension BalanceError {
  /// A change that is to come in an epoch, counted from 1, which the run does not have.
  package static func neverComes(epoch: Int, of epochs: Int, at place: String) -> BalanceError {
    BalanceError(
      .usage, "epoch \(epoch) of \(epochs) never comes", at: place,
      remedy: epochs < 2
        ? "leave it out, or train for more epochs: nothing can change within one"
        : "name an epoch from 2 to \(epochs)")
  }
}
