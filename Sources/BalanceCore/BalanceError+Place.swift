extension BalanceError {
  /// The same error at another place: what finds a fault in bytes or text does not know the path,
  /// its caller does.
  package func located(at place: String) -> BalanceError {
    BalanceError(code, what, at: place, remedy: remedy)
  }
}
