import CBalanceOneDNN

/// How activations are stored. Parameters and their gradients are f32 in either case.
public enum ActivationType: String, Codable, CaseIterable, Sendable {
  case f32
  /// The upper half of an f32: 8 bits of significand, rounded to nearest even.
  case bf16

  /// The size of a value.
  package var bytes: Int { self == .bf16 ? 2 : 4 }

  /// As oneDNN's shim counts types.
  var native: Int32 { self == .bf16 ? Int32(odn_bf16) : Int32(odn_f32) }
  /// As own kernels are told.
  var flag: Int32 { self == .bf16 ? 1 : 0 }
}
