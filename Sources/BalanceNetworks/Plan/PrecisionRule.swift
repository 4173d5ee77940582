import BalanceCore
public import BalanceTensors

/// Which storage of feature maps trains a network faster on this machine.
///
/// Own kernels multiply in f32 whatever the storage, so bf16 saves them half of the memory's time.
/// oneDNN multiplies what is stored: that is worth it where the processor multiplies bf16 faster,
/// which is measured, and costs conversions where it does not.
public enum PrecisionRule {
  public struct Choice: Hashable, Sendable {
    public let precision: ActivationType
    /// A sentence on what was picked and why.
    public let reason: String
  }

  /// From so many times the speed of f32 on, bf16 is the faster whoever computes.
  package static let enough = 1.25
  /// The share of multiplications by own kernels from which on bf16 is the faster on other
  /// machines. resnet20 at 32 pixels has 0.99 of them and takes 0.84 of the time of f32; resnet18
  /// at 224 has 0.5 and takes 1.1 to 1.3 times as long.
  package static let enoughOwn = 0.75

  /// - Parameter images: those that one thread trains at a time.
  public static func choice(for network: Network, images: Int) -> Choice {
    choice(
      advantage: Machine.bf16Advantage, ownShare: ownShare(network, images: images),
      machine: Machine.instructionSet)
  }

  package static func choice(advantage: Double, ownShare: Double, machine: String) -> Choice {
    let times = (advantage * 10).rounded() / 10
    let share = Int(saturating: (ownShare * 100).rounded())
    if advantage <= 0 {
      return Choice(
        precision: .f32, reason: "precision auto is f32: this machine (\(machine)) has no bf16")
    }
    if advantage >= enough {
      return Choice(
        precision: .bf16,
        reason:
          "precision auto is bf16: convolutions of bf16 run at \(times) times the speed of f32")
    }
    if ownShare >= enoughOwn {
      return Choice(
        precision: .bf16,
        reason:
          "precision auto is bf16: own kernels do \(share) % of the multiplications, and read "
          + "and write half as much")
    }
    return Choice(
      precision: .f32,
      reason: "precision auto is f32: convolutions of bf16 run at \(times) times the speed of f32, "
        + "and own kernels do only \(share) % of the multiplications")
  }

  /// The share of a training step's multiplications that own kernels do.
  package static func ownShare(_ network: Network, images: Int) -> Double {
    let options = PlanOptions(precision: .bf16)
    var (own, all) = (0.0, 0.0)
    for layer in Lowering.lower(network, for: .training).layers {
      guard case .convolution(let convolution, _) = layer.kind else { continue }
      let input = network.shapes[layer.input].image
      let window = convolution.window(over: input, images: 1)
      let products =
        Double(window.outHeight * window.outWidth * window.kernel * window.kernel)
        * Double(window.inChannels / window.groups * window.outChannels)
      all += products
      if ConvolutionRule.usesOwnKernels(layer, in: network, images: images, options: options) {
        own += products
      }
    }
    return all > 0 ? own / all : 0
  }
}
