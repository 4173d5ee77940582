import BalanceCore
import BalanceTensors

/// A tensor `[N, C, H, W]` as a primitive stores it, read and written as numbers.
struct StoredTensor {
  let sizes: [Int]
  let layout: ConvolutionPrimitive.SourceLayout
  let type: ActivationType
  let memory: AlignedMemory

  private var channels: Int { sizes[1] }
  private var plane: Int { sizes[2] * sizes[3] }
  private var lanes: Int {
    layout == .planar ? channels : BlockedKernels.blocks(channels) * 16
  }

  init(
    _ sizes: [Int], layout: ConvolutionPrimitive.SourceLayout = .blocked, type: ActivationType,
    values: [Double]? = nil
  ) throws {
    self.sizes = sizes
    self.layout = layout
    self.type = type
    let blocks = BlockedKernels.blocks(sizes[1]) * 16
    memory = try AlignedMemory(bytes: sizes[0] * blocks * sizes[2] * sizes[3] * type.bytes)
    for (i, value) in (values ?? []).enumerated() { store(value, at: offset(i)) }
  }

  /// All values in the order `[N, C, H, W]`.
  var values: [Double] { (0..<sizes.reduce(1, *)).map { load(offset($0)) } }

  /// The largest size of a value in lanes past the last channel.
  var largestPadding: Double {
    guard layout == .blocked else { return 0 }
    var largest = 0.0
    for image in 0..<sizes[0] {
      for channel in channels..<lanes {
        for pixel in 0..<plane {
          largest = max(largest, abs(load(offset(image, channel, pixel))))
        }
      }
    }
    return largest
  }

  private func offset(_ index: Int) -> Int {
    offset(index / (channels * plane), index / plane % channels, index % plane)
  }

  private func offset(_ image: Int, _ channel: Int, _ pixel: Int) -> Int {
    layout == .planar
      ? (image * channels + channel) * plane + pixel
      : ((image * (lanes / 16) + channel / 16) * plane + pixel) * 16 + channel % 16
  }

  private func load(_ offset: Int) -> Double {
    switch type {
    case .f32: Double(memory.pointer(at: 0, as: Float.self)[offset])
    case .bf16: Double(BFloat16.float(memory.pointer(at: 0, as: UInt16.self)[offset]))
    }
  }

  private func store(_ value: Double, at offset: Int) {
    switch type {
    case .f32: memory.pointer(at: 0, as: Float.self)[offset] = Float(value)
    case .bf16: memory.pointer(at: 0, as: UInt16.self)[offset] = BFloat16.bits(Float(value))
    }
  }
}

/// The upper half of an f32.
enum BFloat16 {
  static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }

  static func rounded(_ value: Double) -> Double { Double(float(bits(Float(value)))) }
}
