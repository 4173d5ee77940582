import BalanceCore
import BalanceOptimizers
import Testing

@Suite struct ClippingTests {
  /// What remains of `gradients`, and their norm over `ranges`.
  private func clip(
    _ gradients: [Float], _ clipping: GradientClipping, ranges: [Range<Int>], parts: Int = 1
  ) -> (gradients: [Float], norm: Double) {
    let clipper = GradientClipper(clipping, ranges: ranges)
    var clipped = gradients
    clipped.withUnsafeMutableBufferPointer { buffer in
      for part in 0..<parts {
        let blocks = clipper.blocks.count
        clipper.measure(
          UnsafeBufferPointer(buffer), blocks: part * blocks / parts..<(part + 1) * blocks / parts)
      }
      for range in ranges { clipper.apply(buffer, range: range) }
    }
    return (clipped, clipper.norm)
  }

  @Test func theNormIsBounded() {
    let (clipped, norm) = clip([3, 0, 99, 4], .norm(1), ranges: [0..<2, 3..<4])
    #expect(norm == 5)
    #expect(zip(clipped, [0.6, 0, 99, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
    // Nothing happens to gradients within the bound.
    #expect(clip([3, 0, 4], .norm(5.1), ranges: [0..<3]).gradients == [3, 0, 4])
    #expect(clip([0, 0], .norm(1), ranges: [0..<2]).gradients == [0, 0])
  }

  @Test func valuesAreBounded() {
    #expect(clip([-3, 0.25, 7], .value(0.5), ranges: [0..<3]).gradients == [-0.5, 0.25, 0.5])
    #expect(clip([-3, 7], .none, ranges: [0..<2]).gradients == [-3, 7])
  }

  @Test func notANumberIsNotHidden() {
    for clipping in [GradientClipping.norm(1), .value(1)] {
      #expect(clip([.nan, 2], clipping, ranges: [0..<2]).gradients[0].isNaN)
    }
    #expect(clip([.nan, 2], .norm(1), ranges: [0..<2]).gradients[1].isNaN)
  }

  @Test func theNormDoesNotDependOnTheThreads() {
    var generator = KeyedGenerator(seed: 1, .test, 0)
    let gradients = (0..<50_001).map { _ in Float(generator.normal()) }
    let ranges = [0..<12_345, 12_352..<50_001]
    let one = clip(gradients, .norm(3), ranges: ranges)
    for parts in [2, 3, 7] {
      let several = clip(gradients, .norm(3), ranges: ranges, parts: parts)
      #expect(several.norm == one.norm && several.gradients == one.gradients)
    }
    let exact = ranges.joined().reduce(0.0) { $0 + Double(gradients[$1]) * Double(gradients[$1]) }
    #expect(abs(one.norm - exact.squareRoot()) < 1e-10 * one.norm)
  }

  @Test func spellingsAreRead() throws {
    #expect(try GradientClipping(parsing: "1") == .norm(1))
    for spelling in ["none", "norm:0.5", "value:2.0"] {
      #expect(try GradientClipping(parsing: spelling).description == spelling)
    }
    for bad in ["norm", "norm:0", "-1", "nrm:1", "value:x", "none:1"] {
      #expect(throws: BalanceError.self, "\(bad)") { try GradientClipping(parsing: bad) }
    }
  }
}
