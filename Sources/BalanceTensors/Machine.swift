import CBalanceOneDNN
import Foundation

/// What computes: named in every run record, because bits and timings depend on it.
public enum Machine {
  /// The processor's name as the system tells it, or its architecture.
  public static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      if let colon = line.firstIndex(of: ":") {
        return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
    }
    #if arch(x86_64)
      return "x86-64"
    #else
      return "arm64"
    #endif
  }

  /// The instruction set that oneDNN uses, such as `AVX-512 with bf16`.
  public static var instructionSet: String { String(cString: odn_instruction_set()) }

  /// Whether that instruction set computes on bf16 (`DNNL_MAX_CPU_ISA` may forbid it).
  public static var supportsBF16: Bool { odn_has_bf16() != 0 }

  /// Whether that instruction set has AVX2 at least, which this package's own kernels of
  /// convolutions are written for.
  public static var supportsOwnKernels: Bool { odn_has_avx2() != 0 }

  /// Whether that instruction set has AVX-512, which those kernels then use.
  public static var supportsAVX512: Bool { odn_has_avx512() != 0 }

  /// Versions of the numeric libraries in use.
  public static var libraryVersions: [String: String] {
    let openBLAS = OpenBLAS.configuration.split(separator: " ")
    return [
      "oneDNN": OneDNN.version,
      "OpenBLAS": openBLAS.dropFirst().first.map(String.init) ?? "unknown",
    ]
  }
}

/// Conversions from oneDNN's C strings.
enum OneDNN {
  static var version: String {
    var buffer = [CChar](repeating: 0, count: 32)
    odn_version(&buffer, buffer.count)
    return text(buffer)
  }

  static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
