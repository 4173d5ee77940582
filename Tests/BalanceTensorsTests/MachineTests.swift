import BalanceTensors
import Foundation
import Testing

@Suite struct MachineTests {
  /// `tools/test-onednn3` says which oneDNN the tests are meant to run on.
  @Test func oneDNNIsOfTheVersionThatWasAskedFor() throws {
    let version = try #require(Machine.libraryVersions["oneDNN"])
    let wanted = ProcessInfo.processInfo.environment["BALANCE_ONEDNN"] ?? ""
    #expect(version.hasPrefix(wanted), "oneDNN is \(version)")
  }

  /// An instruction set that the environment forbids is not used, by own kernels neither.
  @Test func limitsOnInstructionsHold() {
    guard ProcessInfo.processInfo.environment["DNNL_MAX_CPU_ISA"] == "AVX2" else { return }
    #expect(Machine.supportsOwnKernels && !Machine.supportsAVX512 && !Machine.supportsBF16)
    #expect(Machine.instructionSet == "AVX2", "\(Machine.instructionSet)")
  }
}
