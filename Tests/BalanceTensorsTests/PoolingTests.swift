import BalanceCore
import BalanceTensors
import Testing

@Suite struct PoolingTests {
  /// Windows of 3 at stride 2 with padding, over channels that are no multiple of 16.
  private static let window = WindowGeometry(
    images: 2, inChannels: 20, inHeight: 9, inWidth: 8, outChannels: 20, kernel: 3, stride: 2,
    padding: 1)

  /// Calls `body` with the index of an output and those of the inputs in its window.
  private func forEachWindow(_ body: (Int, [Int]) -> Void) {
    let w = Self.window
    for image in 0..<w.images * w.inChannels {
      for y in 0..<w.outHeight {
        for x in 0..<w.outWidth {
          var inputs: [Int] = []
          for sy in max(2 * y - 1, 0)...min(2 * y + 1, w.inHeight - 1) {
            for sx in max(2 * x - 1, 0)...min(2 * x + 1, w.inWidth - 1) {
              inputs.append((image * w.inHeight + sy) * w.inWidth + sx)
            }
          }
          body((image * w.outHeight + y) * w.outWidth + x, inputs)
        }
      }
    }
  }

  @Test(arguments: [PoolingPrimitive.Kind.maximum, .averageIncludingPadding], [1, 2])
  func forwardAndBackwardEqualNaiveLoops(_ kind: PoolingPrimitive.Kind, threads: Int) throws {
    let w = Self.window
    let inSizes = [w.images, w.inChannels, w.inHeight, w.inWidth]
    let outSizes = [w.images, w.outChannels, w.outHeight, w.outWidth]
    for type in ActivationType.supported {
      let pixels = ConvolutionCase.numbers(inSizes.reduce(1, *), seed: 1)
      let gradient = ConvolutionCase.numbers(outSizes.reduce(1, *), seed: 2)
      let source = try StoredTensor(inSizes, type: type, values: pixels)
      let out = try StoredTensor(outSizes, type: type)
      let forward = try PoolingPrimitive(
        w, direction: .forward, kind: kind, type: type, threads: threads)
      let workspace = try AlignedMemory(bytes: forward.workspaceBytes)
      forward.execute(
        source: source.memory.base, destination: out.memory.base, workspace: workspace.base)
      var expected = gradient
      var expectedGradient = pixels.map { _ in 0.0 }
      forEachWindow { output, inputs in
        if kind == .maximum {
          let best = inputs.max { pixels[$0] < pixels[$1] } ?? 0
          expected[output] = pixels[best]
          expectedGradient[best] += gradient[output]
        } else {
          expected[output] = inputs.reduce(0) { $0 + pixels[$1] } / 9
          for input in inputs { expectedGradient[input] += gradient[output] / 9 }
        }
      }
      #expect(relativeError(out.values, expected) < type.tolerance, "\(type)")

      let dy = try StoredTensor(outSizes, type: type, values: gradient)
      let dx = try StoredTensor(inSizes, type: type)
      try PoolingPrimitive(
        w, direction: .backwardData, kind: kind, type: type, threads: threads
      ).execute(source: dx.memory.base, destination: dy.memory.base, workspace: workspace.base)
      // Windows overlap: sums of up to four gradients are rounded one by one.
      #expect(relativeError(dx.values, expectedGradient) < 2 * type.tolerance, "\(type)")
    }
  }

  @Test func ownMaximumEqualsNaiveLoops() throws {
    let w = Self.window
    let pixels = ConvolutionCase.numbers(
      w.images * w.inChannels * w.inHeight * w.inWidth, seed: 1)
    let count = w.images * w.outChannels * w.outHeight * w.outWidth
    var expected = [Double](repeating: 0, count: count)
    forEachWindow { output, inputs in expected[output] = inputs.map { pixels[$0] }.max() ?? 0 }
    for type in ActivationType.supported {
      let x = try StoredTensor(
        [w.images, w.inChannels, w.inHeight, w.inWidth], type: type, values: pixels)
      let y = try StoredTensor(
        [w.images, w.outChannels, w.outHeight, w.outWidth], type: type)
      MaximumKernel(w).forward(
        x.memory.base, into: y.memory.base, maps: w.images * BlockedKernels.blocks(w.inChannels),
        type: type)
      #expect(y.values == expected && y.largestPadding == 0)
    }
  }
}
