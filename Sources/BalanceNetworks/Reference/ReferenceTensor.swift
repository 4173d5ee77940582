package import BalanceCore

/// A tensor of the naive reference: `[N, H, W, C]` in double precision. Features are 1 × 1 images.
package struct ReferenceTensor: Sendable {
  package let images: Int
  package let shape: ImageShape
  package var values: [Double]

  package init(images: Int, shape: ImageShape, values: [Double]? = nil) {
    self.images = images
    self.shape = shape
    self.values = values ?? [Double](repeating: 0, count: images * shape.count)
    precondition(self.values.count == images * shape.count, "values are not [N, H, W, C]")
  }

  package subscript(n: Int, y: Int, x: Int, c: Int) -> Double {
    get { values[index(n, y, x, c)] }
    set { values[index(n, y, x, c)] = newValue }
  }

  private func index(_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Int {
    ((n * shape.height + y) * shape.width + x) * shape.channels + c
  }
}
