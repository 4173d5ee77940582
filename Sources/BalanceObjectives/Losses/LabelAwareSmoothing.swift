public import BalanceCore
import Foundation

/// Label smoothing with an ε for each class, large where images are many:
/// `q = (1 − ε_y) 1_y + ε_y / K`,
/// `ε_c = tail + (head − tail) sin(π/2 · (n_c − n_min) / (n_max − n_min))`.
///
/// n_min and n_max are over the classes with images; where all have equally many, ε_c = head. A
/// class without images has ε = tail. The paper's equation gives ε / (K − 1) to the other classes;
/// this is ε / K, as its code computes.
///
/// Source: Zhong et al., *Improving calibration for long-tailed recognition*, CVPR 2021, section
/// 3.2.
public struct LabelAwareSmoothing: SoftmaxLoss {
  /// ε, one a class.
  public let epsilons: [Double]
  let kernel: LossKernel

  /// - Precondition: head and tail are in 0...1, and no count is negative.
  public init(
    counts: [Int], head: Double = 0.3, tail: Double = 0, weights: [Double]? = nil
  ) {
    precondition(
      (0...1).contains(head) && (0...1).contains(tail),
      "label-aware smoothing needs 0 <= eps <= 1: \(head), \(tail)")
    let present = counts.filter { $0 > 0 }
    let (least, most) = (present.min() ?? 0, present.max() ?? 0)
    epsilons = counts.map { count in
      if count == 0 { return tail }
      if least == most { return head }
      let rank = Double(count - least) / Double(most - least)
      // The sine is 1 only to rounding.
      return min(1, max(0, tail + (head - tail) * sin(.pi / 2 * rank)))
    }
    kernel = LossKernel(weights: weights, smoothing: .byClass(epsilons))
  }

  public var fingerprint: String {
    "label-aware-smoothing: -sum_k w_k q_k log p_k, q=(1-eps_y) 1_y + eps_y/K, "
      + "eps=\(list(epsilons)), p=softmax(z); \(reduction(weights))"
  }
}

/// `label-aware-smoothing:HEAD:TAIL`: `LabelAwareSmoothing`.
public struct LabelAwareSmoothingRecipe: LossRecipe {
  public let head: Double
  public let tail: Double

  public init(head: Double, tail: Double) {
    self.head = head
    self.tail = tail
  }

  public static let form = SpelledForm(
    "label-aware-smoothing", "label smoothing from TAIL for the rarest class to HEAD",
    .number("HEAD", .from(0, to: 1), usual: 0.3),
    .number("TAIL", .from(0, to: 1), usual: 0, example: "0.05"),
    make: { LabelAwareSmoothingRecipe(head: $0, tail: $1) }, take: { ($0.head, $0.tail) })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LabelAwareSmoothing(counts: counts, head: head, tail: tail, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func labelAwareSmoothing(head: Double, tail: Double) -> LossSpecification {
    LossSpecification(LabelAwareSmoothingRecipe(head: head, tail: tail))
  }
}
