import BalanceCore
import Foundation

extension Machine {
  /// How many times as fast oneDNN computes a convolution of bf16 maps as one of f32 maps here, by
  /// measurement, once a process: about 2 where the processor's bf16 products are twice as fast as
  /// f32's, about 1 where they are not, 0 without bf16.
  ///
  /// The layer is 3×3 over 128 channels of 14×14 pixels; the best of a few alternating repetitions
  /// on the calling thread, some 20 ms.
  package static let bf16Advantage: Double = {
    guard supportsBF16, let f32 = try? MeasuredConvolution(.f32),
      let bf16 = try? MeasuredConvolution(.bf16)
    else { return 0 }
    var best = (f32: Double.infinity, bf16: Double.infinity)
    for _ in 0..<6 {
      best.f32 = min(best.f32, f32.seconds())
      best.bf16 = min(best.bf16, bf16.seconds())
    }
    return best.f32 / best.bf16
  }()
}

/// A convolution with memory of its own, to be timed.
private struct MeasuredConvolution {
  private let primitive: ConvolutionPrimitive
  private let source: AlignedMemory
  private let weights: AlignedMemory
  private let destination: AlignedMemory
  private let scratch: AlignedMemory

  init(_ type: ActivationType) throws(BalanceError) {
    let window = WindowGeometry(
      images: 4, inChannels: 128, inHeight: 14, inWidth: 14, outChannels: 128, kernel: 3,
      stride: 1, padding: 1)
    primitive = try ConvolutionPrimitive(
      window, direction: .forward, algorithm: .direct, source: .blocked, hasBias: false,
      type: type)
    let bytes = window.images * window.inHeight * window.inWidth * window.inChannels * type.bytes
    source = try AlignedMemory(bytes: bytes)
    destination = try AlignedMemory(bytes: bytes)
    weights = try AlignedMemory(bytes: primitive.weightsBytes)
    scratch = try AlignedMemory(bytes: primitive.scratchBytes)
  }

  /// Of the second of two runs.
  func seconds() -> Double {
    var elapsed = 0.0
    for _ in 0..<2 {
      elapsed =
        ContinuousClock().measure {
          primitive.execute(
            source: source.base, packed: weights.base, bias: nil, destination: destination.base,
            scratch: scratch.base)
        } / .seconds(1)
    }
    return elapsed
  }
}
