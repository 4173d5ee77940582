/// What a pickle of PyTorch may hold here. Containers are numbers into the pickle's own table, so
/// that however deep they lie in one another, nothing about them recurses.
enum PickleValue: Hashable, Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// Little-endian and signed, of more than eight bytes.
  case long([UInt8])
  case float(Double)
  case string(String)
  case list(Int)
  case tuple(Int)
  case dictionary(Int)
  case storage(Int)
  case tensor(Int)
  case global(TorchGlobal)
}

/// A dtype's values that tensors share, wherever the file has them.
struct TorchStorage: Hashable, Sendable {
  /// What the file calls it.
  let key: String
  let dtype: StoredTensor.DType
  /// How many values.
  let count: Int
}

/// A tensor as a view of one of the pickle's storages.
struct TorchTensor: Hashable, Sendable {
  let storage: Int
  let view: StridedView
}

/// The names that a pickle may look up. Nothing is ever called: each of them is known here.
enum TorchGlobal: Hashable, Sendable {
  case orderedDict
  /// `torch._utils._rebuild_tensor_v2` and the one before it.
  case rebuildTensor
  case rebuildParameter
  case storage(StoredTensor.DType)

  /// Nil for any other name.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDict
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
      self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", _), ("torch.cuda", _):
      guard let dtype = Self.storages[name] else { return nil }
      self = .storage(dtype)
    default: return nil
    }
  }

  private static let storages: [String: StoredTensor.DType] = [
    "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
    "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8,
    "ByteStorage": .u8, "BoolStorage": .bool,
  ]
}
