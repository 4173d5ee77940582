import BalanceTensors
import Foundation
import Testing

@Suite struct ActivationKernelTests {
  /// Single precision has 6e-8 a rounding; the polynomial may add one more.
  @Test func sigmoidIsGoodToRounding() throws {
    let inputs = (0..<32_000).map { Float($0 - 16_000) * 0.005 }
    let memory = try AlignedMemory(bytes: inputs.count * 8)
    let x = memory.pointer(at: 0, as: Float.self)
    let y = memory.pointer(at: inputs.count * 4, as: Float.self)
    for (i, value) in inputs.enumerated() { x[i] = value }
    ActivationKernels.forward(.sigmoid, x, into: y, count: inputs.count, type: .f32)
    var worst = 0.0
    for (i, value) in inputs.enumerated() {
      let exact = 1 / (1 + exp(-Double(value)))
      worst = max(worst, abs(Double(y[i]) - exact) / exact)
    }
    #expect(worst < 3e-7, "largest relative error \(worst)")
  }

  @Test func extremeInputsStayFinite() throws {
    let inputs: [Float] = [
      -.infinity, -1e30, -200, -90, -1e-30, 0, 1e-30, 90, 200, 1e30, .infinity, 1, 2, 3, 4, 5,
    ]
    let memory = try AlignedMemory(bytes: 256)
    let x = memory.pointer(at: 0, as: Float.self)
    let y = memory.pointer(at: 64, as: Float.self)
    for (i, value) in inputs.enumerated() { x[i] = value }
    ActivationKernels.forward(.sigmoid, x, into: y, count: 16, type: .f32)
    for (i, value) in inputs.enumerated() {
      #expect(abs(y[i] - 1 / (1 + exp(-value))) < 1e-6, "σ(\(value)) is \(y[i])")
    }
  }
}
