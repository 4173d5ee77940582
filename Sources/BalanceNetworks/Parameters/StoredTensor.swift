package import Foundation

/// A tensor of a weights file. Its values stay where they are, as a rule in a mapped file, until
/// they are read. Several tensors may see the same values.
public struct StoredTensor: Sendable {
  /// How a value is stored, in the words of safetensors.
  public enum DType: String, Sendable, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case f8E4M3 = "F8_E4M3"
    case f8E5M2 = "F8_E5M2"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u64 = "U64"
    case u32 = "U32"
    case u16 = "U16"
    case u8 = "U8"
    case bool = "BOOL"

    /// Bytes a value.
    public var width: Int {
      switch self {
      case .f64, .i64, .u64: 8
      case .f32, .i32, .u32: 4
      case .f16, .bf16, .i16, .u16: 2
      case .f8E4M3, .f8E5M2, .i8, .u8, .bool: 1
      }
    }

    /// Whether values can be read as single precision.
    public var isReadable: Bool { [.f64, .f32, .f16, .bf16].contains(self) }
  }

  public let dtype: DType
  public let shape: [Int]
  /// How many values.
  public let count: Int
  /// Little-endian; row-major where there is no view.
  private let bytes: Data
  /// Where the values are among the bytes; nil where they are all of them, in their order.
  private let view: StridedView?

  /// - Precondition: `bytes` are as many as the dtype and shape say.
  package init(dtype: DType, shape: [Int], bytes: Data) {
    precondition(bytes.count == shape.reduce(dtype.width, *), "\(bytes.count) bytes for \(shape)")
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
    count = bytes.count / dtype.width
    view = nil
  }

  /// Values of a storage.
  ///
  /// - Precondition: all of them are in it.
  init(dtype: DType, view: StridedView, of storage: Data) {
    precondition(view.fits(storage.count / dtype.width), "\(view) of \(storage.count) bytes")
    self.dtype = dtype
    shape = view.shape
    count = view.count
    if view.isContiguous {
      // A tensor without values may claim to be anywhere.
      let first = storage.startIndex + (count == 0 ? 0 : dtype.width * view.offset)
      bytes = storage[first..<first + dtype.width * view.count]
      self.view = nil
    } else {
      bytes = storage
      self.view = view
    }
  }

  /// The values in single precision: F64 rounded to the nearest, ties to even; F16 and BF16 are
  /// exact.
  ///
  /// - Precondition: the dtype is readable and `target` has `count` values.
  package func read(into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count == count, "\(count) values for a tensor of \(target.count)")
    bytes.withUnsafeBytes { source in
      switch dtype {
      case .f32 where view == nil:
        UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      case .f32:
        for i in target.indices {
          target[i] = Float(bitPattern: bits(source, i, UInt32.self))
        }
      case .f64: for i in target.indices { target[i] = Float(double(source, i)) }
      case .f16:
        for i in target.indices { target[i] = Float(halfBits: bits(source, i, UInt16.self)) }
      case .bf16:
        for i in target.indices {
          target[i] = Float(bitPattern: UInt32(bits(source, i, UInt16.self)) << 16)
        }
      default: preconditionFailure("\(dtype.rawValue) values are not read")
      }
    }
  }

  /// The values of a tensor of I32; nil for another dtype.
  package var int32s: [Int32]? {
    guard dtype == .i32 else { return nil }
    return bytes.withUnsafeBytes { source in
      (0..<count).map { Int32(bitPattern: bits(source, $0, UInt32.self)) }
    }
  }

  /// Where the first value is that in single precision is NaN or infinite; nil where none is.
  package func firstNonFinite() -> Int? {
    bytes.withUnsafeBytes { source in
      switch dtype {
      // A value is finite unless all bits of its exponent are set.
      case .f32:
        (0..<count).first { bits(source, $0, UInt32.self) & 0x7F80_0000 == 0x7F80_0000 }
      case .f64: (0..<count).first { !Float(double(source, $0)).isFinite }
      case .f16: (0..<count).first { bits(source, $0, UInt16.self) & 0x7C00 == 0x7C00 }
      case .bf16: (0..<count).first { bits(source, $0, UInt16.self) & 0x7F80 == 0x7F80 }
      default: nil
      }
    }
  }

  private func double(_ source: UnsafeRawBufferPointer, _ index: Int) -> Double {
    Double(bitPattern: bits(source, index, UInt64.self))
  }

  /// The bits of the value that is the `index`-th row by row.
  @inline(__always)
  private func bits<T: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ index: Int, _ type: T.Type
  ) -> T {
    let place = (view?.position(of: index) ?? index) * MemoryLayout<T>.size
    return T(littleEndian: source.loadUnaligned(fromByteOffset: place, as: type))
  }
}

extension Float {
  /// The value of an IEEE 754 half-precision number; not every platform has the type itself.
  init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      self = Float(bitPattern: magnitude.bitPattern | sign)
    case 31: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
