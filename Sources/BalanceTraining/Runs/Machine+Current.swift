public import BalanceCore
import BalanceTensors

extension RunRecord.Machine {
  /// This machine, computing with so many threads.
  public static func current(threads: Int) -> RunRecord.Machine {
    var versions = Machine.libraryVersions
    versions["balance"] = BalanceVersion.current
    versions["Swift"] = swiftVersion
    return RunRecord.Machine(
      processor: Machine.processor, cores: ComputePool.availableCores, threads: threads,
      instructionSet: Machine.instructionSet, versions: versions)
  }

  /// The compiler that built the program.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
