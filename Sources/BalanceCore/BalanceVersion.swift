/// The version of this package, as `balance --version` prints it and run records keep it.
public enum BalanceVersion {
  public static let current = "0.1.0"
}
