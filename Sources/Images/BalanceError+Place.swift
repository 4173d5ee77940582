package import BalanceCore

extension BalanceError {
  /// The same error with its place: codecs see bytes, and only their callers know the path.
  package func located(at place: String) -> BalanceError {
    BalanceError(code, what, at: place, remedy: remedy)
  }
}
