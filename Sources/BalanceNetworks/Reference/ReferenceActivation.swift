import BalanceCore
import Foundation

/// y = f(x) on every value.
struct ReferenceActivation: ReferenceOperation {
  private let activation: Operation.Activation

  init(_ activation: Operation.Activation) { self.activation = activation }

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    var out = inputs[0]
    for i in out.values.indices { out.values[i] = value(out.values[i]) }
    return out
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    var dx = gradient
    for i in dx.values.indices { dx.values[i] *= slope(inputs[0].values[i]) }
    return ReferenceGradients(inputs: [dx])
  }

  private func value(_ x: Double) -> Double {
    switch activation {
    case .relu: max(x, 0)
    case .relu6: min(max(x, 0), 6)
    case .silu: x * sigmoid(x)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .sigmoid: sigmoid(x)
    case .hardSigmoid: min(max(x + 3, 0), 6) / 6
    }
  }

  private func slope(_ x: Double) -> Double {
    switch activation {
    case .relu: x > 0 ? 1 : 0
    case .relu6: x > 0 && x < 6 ? 1 : 0
    case .silu: sigmoid(x) * (1 + x * (1 - sigmoid(x)))
    case .hardSwish: x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1
    case .sigmoid: sigmoid(x) * (1 - sigmoid(x))
    case .hardSigmoid: x > -3 && x < 3 ? 1.0 / 6 : 0
    }
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

/// y = x · m, with the numbers that a plan of the same randomness draws.
struct ReferenceDropout: ReferenceOperation {
  let mask: DropoutMask
  let wholeImages: Bool
  let randomness: PlanRandomness

  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor {
    multiply(inputs[0])
  }

  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients {
    ReferenceGradients(inputs: [multiply(gradient)])
  }

  private func multiply(_ x: ReferenceTensor) -> ReferenceTensor {
    var out = x
    let count = x.shape.count
    var factors = [Float](repeating: 0, count: count)
    for image in 0..<x.images {
      if wholeImages {
        factors = Array(repeating: mask.factor(image: image, randomness), count: count)
      } else {
        factors.withUnsafeMutableBufferPointer { mask.fill($0, image: image, randomness) }
      }
      for i in 0..<count { out.values[image * count + i] *= Double(factors[i]) }
    }
    return out
  }
}
