import BalanceCore
import Foundation

/// `--target=NAME --write=FOLDER`, or `--target=NAME` and files to be read once.
///
/// - Returns: what reads inputs where the fuzzer is to make them; nil where all is done.
func begin(_ arguments: [String]) throws -> ((Data) throws -> Void)? {
  func option(_ name: String) -> String? {
    arguments.first { $0.hasPrefix("--\(name)=") }.map { String($0.dropFirst(name.count + 3)) }
  }
  let target = try FuzzTarget.named(option("target") ?? "")
  if let folder = option("write") {
    try target.write(to: URL(fileURLWithPath: folder))
    return nil
  }
  return try target.reader()
}

/// Ends with the one line of an error.
func stop(_ error: any Error) -> Never {
  FileHandle.standardError.write(Data("fuzz-targets: \(error)\n".utf8))
  exit(1)
}

#if FUZZING
  // libFuzzer has `main`, and calls these on the main thread.
  @MainActor private var reader: ((Data) throws -> Void)?

  @_cdecl("LLVMFuzzerInitialize")
  func initialize(
    _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
  ) -> CInt {
    MainActor.assumeIsolated {
      do {
        reader = try begin(Array(CommandLine.arguments.dropFirst()))
      } catch { stop(error) }
      if reader == nil { exit(0) }
      return 0
    }
  }

  @_cdecl("LLVMFuzzerTestOneInput")
  func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = Data(UnsafeBufferPointer(start: bytes, count: count))
    MainActor.assumeIsolated {
      if let reader { FuzzTarget.feed(data, to: reader) }
    }
    return 0
  }
#else
  /// Without the fuzzer: reads the files that are named.
  @main struct Entry {
    static func main() {
      do {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let reader = try begin(arguments) else { return }
        for path in arguments where !path.hasPrefix("-") {
          FuzzTarget.feed(try Data(contentsOf: URL(fileURLWithPath: path)), to: reader)
        }
      } catch { stop(error) }
    }
  }
#endif
