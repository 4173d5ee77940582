import BalanceCore
import BalanceTensors

/// A convolution's primitives, one a thread, with the weights packed for them: once for each
/// distinct number of images, since the layout that oneDNN chooses may depend on it.
struct PackedConvolution {
  private let primitives: [ConvolutionPrimitive?]
  private let packed: [Int: AlignedMemory]
  private let memory: PlanMemory

  /// - Parameter make: the primitive for so many images.
  init(_ memory: PlanMemory, make: (Int) throws(BalanceError) -> ConvolutionPrimitive)
    throws(BalanceError)
  {
    var primitives: [ConvolutionPrimitive?] = []
    var packed: [Int: AlignedMemory] = [:]
    for slice in memory.slices {
      let primitive = slice.isEmpty ? nil : try make(slice.count)
      primitives.append(primitive)
      if let primitive, packed[slice.count] == nil {
        packed[slice.count] = try AlignedMemory(bytes: primitive.weightsBytes)
      }
    }
    self.primitives = primitives
    self.packed = packed
    self.memory = memory
  }

  /// The largest slice's.
  var algorithm: PlannedConvolution.Algorithm {
    primitives.lazy.compactMap { $0 }.first?.algorithm.planned ?? .direct
  }

  var scratchBytes: Int { primitives.compactMap { $0?.scratchBytes }.max() ?? 0 }

  /// Packs weights `[O, I, K, K]` for all threads.
  func pack(_ weights: UnsafePointer<Float>) {
    for (images, storage) in packed {
      guard let thread = memory.slices.firstIndex(where: { $0.count == images }) else { continue }
      primitives[thread]?.pack(weights, into: storage.base)
    }
  }

  /// Runs the thread's primitive, if the thread has images.
  func execute(
    _ thread: ThreadContext, source: UnsafeMutableRawPointer,
    bias: UnsafeMutablePointer<Float>?, destination: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer
  ) {
    guard let primitive = primitives[thread.index],
      let weights = packed[memory.images(thread.index)]
    else { return }
    primitive.execute(
      source: source, packed: weights.base, bias: bias, destination: destination, scratch: scratch)
  }
}
