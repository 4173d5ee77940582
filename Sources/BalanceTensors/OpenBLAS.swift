import BalanceCore
import CBalanceOpenBLAS

/// The library for dense algebra outside convolutions.
///
/// It is loaded when it is first needed: while it is being loaded it makes a thread for each core,
/// unless the environment says otherwise, and ends the program where the system refuses one.
enum OpenBLAS {
  /// Loads the library, for use by one thread at a time: the engine's own team makes the parallel
  /// calls.
  ///
  /// - Throws: `BalanceError` with code `software` where the library is not there.
  static func prepare() throws(BalanceError) {
    guard let reason = obl_load() else { return }
    throw BalanceError(
      .software, "OpenBLAS cannot be loaded (\(String(cString: reason)))",
      remedy: "install it: apt install libopenblas0")
  }

  /// `OpenBLAS 0.3.21 …`; empty where the library cannot be loaded.
  static var configuration: String { obl_load() == nil ? String(cString: obl_configuration()) : "" }
}
